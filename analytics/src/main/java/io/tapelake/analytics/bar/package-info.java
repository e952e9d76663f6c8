/**
 * Exact sums of one minute's trades, without Spark and without I/O.
 *
 * <p><b>How sums are held.</b> A raw line may have 24 digits in each of price, quantity, contract
 * value and multiplier, so a sum of price × notional may need 120 of them; DECIMAL(38) cannot hold
 * that and a double loses digits from the 16th on. Two forms of an exact sum are used instead:
 *
 * <ul>
 *   <li>While lines are read, prices and quantities are integers on a decimal grid (price × 10^s)
 *       and their products are summed in 64 and 128 bits. BTC at 1,000,000.0 is 10,000,000 on a
 *       grid of one decimal, a coin at 0.000000001234 is 1,234 on a grid of twelve. The contract's
 *       size is a factor of a whole minute and is multiplied in once, when the integers are turned
 *       into a {@link java.math.BigDecimal}. That happens before any of them could overflow, when a
 *       number needs a finer grid, and when the contract's terms change in mid-day. A trade whose
 *       numbers are too long for this goes through BigDecimal by itself.
 *   <li>A finished minute holds BigDecimals, and the tables hold them as text beside a rounded
 *       DECIMAL(38,18) for arithmetic in SQL. Text has no limit, is the same in every engine, and
 *       cannot be rounded by accident.
 * </ul>
 *
 * <p>The base volume of an inverse contract is rounded to 24 decimals trade by trade, as the
 * definition says; nothing else is rounded before the final quotient. Addition of exact numbers
 * does not depend on order, which is why any split of the files into slices gives the same bytes.
 */
package io.tapelake.analytics.bar;
