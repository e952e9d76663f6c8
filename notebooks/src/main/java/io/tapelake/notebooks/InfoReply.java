package io.tapelake.notebooks;

import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.messages.Header;
import org.dflib.jjava.jupyter.messages.reply.KernelInfoReply;

/** What a kernel is, with the status that the protocol asks for and the library leaves out. */
final class InfoReply extends KernelInfoReply {

  /** A key of the reply. */
  final String status = "ok";

  InfoReply(BaseKernel kernel) {
    super(
        Header.PROTOCOL_VERISON,
        kernel.getName(),
        kernel.getVersion(),
        kernel.getLanguageInfo(),
        kernel.getBanner(),
        kernel.getHelpLinks());
  }
}
