package io.tapelake.collector.capture;

/** What can be wrong with one instrument while the others go on. */
enum Trouble {
  /** Its files cannot be read or written. */
  FILES,
  /** Its contract terms are not known, or what is served of them makes no sense. */
  TERMS,
  /** Its terms changed and nobody saw when: its trades are recorded, a person has to know. */
  TERMS_UNSEEN,
  /** The exchange does not take the subscription. */
  SUBSCRIPTION,
  /** What is pushed cannot be read as trades. */
  PUSHES,
  /** REST has newer trades than are pushed, again and again. */
  STALLS,
  /** Trade ids contradict those that are known. */
  IDS,
  /** What was set aside cannot be written. */
  QUARANTINE
}
