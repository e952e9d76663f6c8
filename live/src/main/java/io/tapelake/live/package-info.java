/** {@code tapelake live}: a page that follows the vault's raw files. */
package io.tapelake.live;
