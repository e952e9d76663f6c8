/**
 * What the job has to produce, computed a second time by brute force from the contract alone, and
 * the tests that compare. Nothing here uses a class of the project's main sources.
 */
package io.tapelake.jobs.oracle;
