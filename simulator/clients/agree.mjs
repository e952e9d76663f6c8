// Two real clients, okx-api and ccxt, follow every channel of the simulated exchange at once, with faults; what they were
// told has to be what was traded. `npm install && npm run agree [SECONDS]` in this folder, with the simulator's jar built.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ccxt from 'ccxt';
import { WebsocketClient } from 'okx-api';

const SECONDS = Number(process.argv[2] ?? 60);
const INSTRUMENTS = ['BTC-USDT-SWAP', 'ETH-USDT-SWAP'];
const here = dirname(fileURLToPath(import.meta.url));
const truthFile = join(mkdtempSync(join(tmpdir(), 'tapelake-')), 'truth.jsonl');
const wrong = [];
const must = (holds, what) => { if (!holds && wrong.push(what) < 20) console.log('WRONG:', what); };

async function exchange() {
  const java = spawn('java', ['-jar', join(here, '../target/tapelake-simulator.jar'), '--port', '0', '--rate', '200',
    '--faults', join(here, 'faults.txt'), '--truth', truthFile], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const chunk of java.stdout) {
    text += chunk;
    const urls = text.match(/--ws-url (\S+) --rest-url (\S+)/);
    if (urls) {
      java.stdout.resume();
      return { java, ws: urls[1], rest: urls[2] };
    }
  }
  throw new Error('the exchange did not start: ' + text);
}

const quiet = { trace() {}, info() {}, error: (...what) => console.log('okx-api:', JSON.stringify(what).slice(0, 300)) };

/** What okx-api is told: rows by channel. */
function okxApi(url, channels, rows) {
  const client = new WebsocketClient({ wsUrl: url }, quiet);
  client.on('update', ({ arg, data }) => {
    for (const row of data ?? []) rows.push({ channel: arg.channel, ...row });
  });
  client.on('exception', (what) => must(false, 'okx-api: ' + JSON.stringify(what).slice(0, 200)));
  client.subscribe(channels.flatMap((channel) =>
    channel === 'instruments' ? [{ channel, instType: 'SWAP' }] : INSTRUMENTS.map((instId) => ({ channel, instId }))));
  return client;
}

/** What ccxt is told, by the channel it asks for. */
async function ccxtClient(urls, channel, trades) {
  const client = new ccxt.pro.okx({ newUpdates: true, options: { fetchMarkets: { types: ['swap'] } } });
  client.urls.api.rest = urls.rest;
  client.urls.api.ws = urls.ws;
  client.authenticate = async () => true; // trades-all needs no login, though ccxt asks for one
  await client.loadHttpProxyAgent();
  await client.loadMarkets();
  const symbols = INSTRUMENTS.map((id) => client.safeSymbol(id));
  (async () => {
    while (!client.over) {
      try {
        const told = await client.watchTradesForSymbols(symbols, undefined, undefined, { channel });
        if (!client.over) trades.push(...told); // what comes when the exchange is ended may not be in its truth any more
      } catch (e) {
        if (!client.over) must(false, `ccxt ${channel}: ${e}`);
        return;
      }
    }
  })();
  return client;
}

function compare(truth, rows, ccxtTrades) {
  const byId = new Map(truth.map((t) => [t.instId + t.trade_id, t]));
  for (const row of rows.filter((r) => r.tradeId)) {
    const t = byId.get(row.instId + row.tradeId);
    must(t, `${row.channel} ${row.instId} ${row.tradeId} was never traded`);
    must(('count' in row) === (row.channel === 'trades'), `${row.channel}: a row of the other channel: ${row.tradeId}`);
    if (t) {
      must(Number(row.px) === Number(t.price) && row.side === t.side && Number(row.ts) === Date.parse(t.timestamp_utc),
        `${row.channel} ${row.instId} ${row.tradeId}: ${JSON.stringify(row)} is not ${JSON.stringify(t)}`);
      if (row.channel === 'trades-all') must(Number(row.sz) === Number(t.qty_contracts), `size of ${row.tradeId}`);
    }
  }
  for (const channel of ['trades', 'trades-all']) {
    for (const inst of INSTRUMENTS) {
      const seen = new Set();
      for (const r of rows.filter((r) => r.channel === channel && r.instId === inst)) {
        for (let i = 0; i < Number(r.count ?? 1); i++) seen.add(Number(r.tradeId) - i);
      }
      const ids = [...seen];
      const first = ids.reduce((a, b) => Math.min(a, b)), last = ids.reduce((a, b) => Math.max(a, b));
      must(ids.length > 500, `${channel} ${inst}: only ${ids.length} trades`);
      must(ids.length === last - first + 1, `${channel} ${inst}: ${last - first + 1 - ids.length} trades were not told`);
    }
  }
  for (const [channel, trades] of Object.entries(ccxtTrades)) {
    must(trades.length > 500, `ccxt ${channel}: only ${trades.length} trades`);
    for (const trade of trades) {
      const t = byId.get(trade.info.instId + trade.id);
      must(t && Number(t.price) === trade.price && t.side === trade.side && trade.timestamp === Date.parse(t.timestamp_utc),
        `ccxt ${channel}: ${JSON.stringify(trade.info)} is not ${JSON.stringify(t)}`);
    }
  }
  const listings = rows.filter((r) => r.channel === 'instruments' && r.instId === 'BTC-USDT-SWAP');
  must(listings.some((l) => l.ctVal === '0.01') && (SECONDS < 45 || listings.some((l) => l.ctVal === '0.001')),
    'the channel instruments did not tell the contract value');
}

const urls = await exchange();
const rows = [], ccxtTrades = { trades: [], 'trades-all': [] };
const pause = (millis) => new Promise((done) => setTimeout(done, millis));
const clients = [], others = [];
for (const [path, channels] of [['/business', ['trades-all']], ['/public', ['trades', 'instruments']]]) {
  clients.push(okxApi(urls.ws + path, channels, rows));
  await pause(500); // the exchange takes three connections a second
}
for (const [channel, trades] of Object.entries(ccxtTrades)) {
  others.push(await ccxtClient(urls, channel, trades));
  await pause(500);
}
await pause(SECONDS * 1000);
for (const other of others) other.over = true;
for (const client of clients) client.closeAll(true);
const ended = new Promise((done) => urls.java.on('exit', done));
urls.java.kill('SIGTERM');
await ended;
const truth = readFileSync(truthFile, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
compare(truth, rows, ccxtTrades);
const count = (channel) => rows.filter((r) => r.channel === channel).length;
console.log(`${truth.length} trades; okx-api was told ${count('trades-all')} singles, ${count('trades')} rows of trades, ` +
  `${count('instruments')} instruments; ccxt ${ccxtTrades.trades.length} and ${ccxtTrades['trades-all'].length}`);
console.log(wrong.length === 0 ? 'they agree' : `${wrong.length} things are wrong`);
process.exit(wrong.length === 0 ? 0 : 1);
