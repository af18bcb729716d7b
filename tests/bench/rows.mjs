// SPDX-License-Identifier: GPL-3.0-or-later
// The burden of each row by DuckDB, as lines.csv has it: the peer of the case rows-ROWS.
//   node rows.mjs write TRADE TABLES COUNTRIES OUT double|exact
//   node rows.mjs check OURS THEIRS double|exact
// Tables are those of ../shared/bench; COUNTRIES is what `tariff list countries` prints.  Rows may come in any order, which
// spares DuckDB work.  The check is exact, and of all columns and rows: it compares the sums of the rows' hashes, in which
// amounts are decimals.  In `double`, where amounts of half a cent fall either way, the duties' sum takes the place of each
// duty: it may be off by a hundredth of a cent a row.
import { createRequire } from 'node:module';

const require = createRequire(process.env.PEER_NODE + '/');
const { DuckDBInstance } = require('@duckdb/node-api');
const [mode, ...args] = process.argv.slice(2);
const db = await DuckDBInstance.create(':memory:', { threads: process.env.THREADS || '2', preserve_insertion_order: 'false' });
const con = await db.connect();
const last = args.at(-1);
const rate = last === 'exact' ? 'DECIMAL(9,6)' : 'DOUBLE';
const value = last === 'exact' ? 'DECIMAL(14,2)' : 'DOUBLE';

const read = (file, columns) => `read_csv('${file}', header=true, auto_detect=false, columns={${
    Object.entries(columns).map(([name, type]) => `'${name}':'${type}'`).join()}})`;

async function write([trade, tables, countries, out]) {
    const text = 'VARCHAR';
    const table = (name, columns) => read(`${tables}/${name}.csv`, columns);
    const dated = { from: text, to: text, rate };
    await con.run(`
        CREATE TABLE country AS SELECT alpha2, alpha3 FROM ${read(countries, { alpha2: text, alpha3: text, numeric: text, name: text })};
        CREATE TABLE mfn AS FROM ${table('mfn', { hs8: text, rate })};
        CREATE TABLE exempt AS FROM ${table('exempt', { hs8: text })};
        CREATE TABLE s232 AS FROM ${table('s232', { prefix: text, ...dated })};
        CREATE TABLE base AS FROM ${table('base', { origin: text, ...dated })};
        CREATE TABLE added AS FROM ${table('add', { origin: text, ...dated })};
        CREATE TABLE trade AS SELECT hs10, origin, destination, month, value_usd FROM ${read(trade,
            { hs10: 'BIGINT', origin: text, destination: text, month: text, value_usd: value, quantity: 'BIGINT' })};
        CREATE TABLE month AS SELECT DISTINCT month, month || '-01' AS day FROM trade;
        CREATE TABLE product AS SELECT DISTINCT hs10, lpad(hs10::VARCHAR, 10, '0') AS hs FROM trade;
        CREATE TABLE prefix AS SELECT hs10, unnest([hs[1:4], hs[1:6], hs[1:8], hs]) AS prefix FROM product;

        CREATE TABLE by_product AS
        WITH longest AS (
            SELECT hs10, month, arg_max(rate, length(prefix)) AS rate
            FROM prefix JOIN s232 USING (prefix) JOIN month ON day BETWEEN "from" AND "to" GROUP BY ALL)
        SELECT hs10, hs, month, coalesce(mfn.rate, 0)::${rate} AS mfn, coalesce(longest.rate, 0)::${rate} AS s232,
               longest.rate IS NULL AND exempt.hs8 IS NULL AS open
        FROM product CROSS JOIN month LEFT JOIN longest USING (hs10, month)
        LEFT JOIN mfn ON hs[1:8] = mfn.hs8 LEFT JOIN exempt ON hs[1:8] = exempt.hs8;

        CREATE TABLE by_origin AS
        SELECT alpha3 AS origin, alpha2, month, coalesce(base.rate, 0)::${rate} AS base, coalesce(added.rate, 0)::${rate} AS added
        FROM country CROSS JOIN month
        LEFT JOIN base ON base.origin = alpha3 AND day BETWEEN base."from" AND base."to"
        LEFT JOIN added ON added.origin = alpha3 AND day BETWEEN added."from" AND added."to";

        COPY (
            WITH charged AS (
                SELECT hs, o.alpha2 AS origin, importer.alpha2 AS importer, month, value_usd, mfn, s232,
                       (CASE WHEN open THEN base ELSE 0 END)::${rate} AS base, (CASE WHEN open THEN added ELSE 0 END)::${rate} AS added
                FROM trade JOIN by_product USING (hs10, month) JOIN by_origin o USING (origin, month)
                JOIN country importer ON importer.alpha3 = destination)
            SELECT 'bench' AS scenario, 'period' AS date, hs, origin, importer, month AS period, value_usd AS export_value,
                   mfn AS ordinary_rate, s232 + base + added AS additional_rate, mfn + s232 + base + added AS total_rate,
                   round(value_usd * (mfn + s232 + base + added), 2) AS total_duty, mfn AS mfn_rate, s232 AS s232_rate,
                   base AS base_rate, added AS add_rate, 0 AS pc_rate
            FROM charged)
        TO '${out}' (FORMAT csv, HEADER)`);
}

// Rates that went through doubles have noise at their end: all of the tables' are whole millionths.
async function sums(file) {
    const texts = ['scenario', 'date', 'hs', 'origin', 'importer', 'period'];
    const amounts = ['export_value', 'total_duty'];
    const rates = ['ordinary_rate', 'additional_rate', 'total_rate'];
    const layers = ['mfn_rate', 's232_rate', 'base_rate', 'add_rate', 'pc_rate'];
    const columns = [...texts, 'export_value', ...rates, 'total_duty', ...layers];
    const cell = name => texts.includes(name) ? name
        : !amounts.includes(name) ? `${name}::DECIMAL(9,6)`
        : name === 'total_duty' && last !== 'exact' ? '0' : `${name}::DECIMAL(18,2)`;
    const found = await con.runAndReadAll(`
        SELECT count(*), sum(hash(${columns.map(cell).join()})::HUGEINT), sum(total_duty::DECIMAL(18,2)) FROM ${
            read(file, Object.fromEntries(columns.map(name => [name, 'VARCHAR'])))}`);
    return found.getRows()[0].map(cell => String(cell));
}

async function check([ours, theirs]) {
    const [a, b] = [await sums(ours), await sums(theirs)];
    const off = Math.abs(Number(a[2]) - Number(b[2]));
    const agree = a[0] === b[0] && a[1] === b[1] && (last === 'exact' ? a[2] === b[2] : off <= Number(a[0]) * 1e-4);
    process.stdout.write(`${agree ? 'ok' : 'DIFFERS'} rows=${a[0]}/${b[0]} hashes=${a[1] === b[1] ? 'equal' : 'not'} duty=${a[2]}/${b[2]}\n`);
    process.exitCode = agree ? 0 : 1;
}

await (mode === 'write' ? write(args) : check(args));
