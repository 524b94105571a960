-- What every golden answer is about. The clock of the service stands at 2026-02-05T01:00:10Z. The search path is that of
-- generation 20260205005000, which serves.
INSERT INTO bo.generation (generation, env, owner, consumer_group, event_profile, t_cutover, state)
VALUES (20260205005000, 'local', 'golden', 'bo-sync-local-golden-v20260205005000', 'canonical-v1', '2026-02-05T00:50:00Z',
        'READY');
UPDATE bo.serving SET generation = 20260205005000, epoch = 1, since = '2026-02-05T00:52:10Z';

INSERT INTO coverage (source_id, kind, name, partition, start_position, next_position, as_of, applied_until,
    completed_at, caught_up_at) OVERRIDING SYSTEM VALUE
VALUES (1, 'BACKFILL', 'ledger.ndjson', -1, 1, 100, '2026-02-05T00:50:00Z', NULL, '2026-02-05T00:51:00Z', NULL),
       (2, 'STREAM', 'ledger.entry.upserted', 0, 40, 50, '2026-02-05T00:50:00Z', '2026-02-05T01:00:07Z', NULL,
        '2026-02-05T01:00:09.5Z'),
       (3, 'STREAM', 'payment.order.upserted', 1, 10, 20, '2026-02-05T00:50:00Z', '2026-02-05T01:00:08Z', NULL,
        NULL);

INSERT INTO payment_order (order_id, created_at, updated_at, version, source_time, digest, source_position, ingested_at,
    source_id, user_id, merchant_name, amount, status)
VALUES ('ORD-1', '2026-02-05T00:59:58Z', '2026-02-05T00:59:59Z', 3, '2026-02-05T00:59:59.2Z', 1, 12, '2026-02-05T01:00:02Z', 3,
        'U-1', 'Küche/Café "Süd"', 10000.00, 'SETTLED'),
       ('ORD-BARE', '2026-02-05T00:59:58Z', NULL, NULL, '2026-02-05T00:50:00Z', 2, 7, '2026-02-05T00:50:30Z', 1,
        NULL, NULL, 0.10, 'on hold'),
       ('ORD-OPEN', '2026-02-05T00:40:00Z', NULL, 1, '2026-02-05T00:50:00Z', 3, 8, '2026-02-05T00:50:30Z', 1,
        'U-2', 'Blue Bottle', 25.5, 'AUTHORIZED'),
       ('ORD-ODD', '2026-02-05T00:41:00Z', NULL, 1, '2026-02-05T00:50:00Z', 4, 9, '2026-02-05T00:50:30Z', 1,
        'U-2', 'Blue Bottle', 7.00, 'PAID');

INSERT INTO ledger_entry (tx_id, event_time, created_at, updated_at, version, source_time, digest, source_position,
    ingested_at, source_id, wallet_id, entry_type, amount, amount_signed, related_id, related_type)
VALUES ('TX-PAY', '2026-02-05T01:00:00Z', '2026-02-05T01:00:00Z', '2026-02-05T01:00:00.1Z', 1, '2026-02-05T01:00:00.2Z', 1, 41,
        '2026-02-05T01:00:02Z', 2, 'W-1', 'PAYMENT', 10000.00, -10000.00, 'ORD-1', 'PAYMENT_ORDER'),
       ('TX-RCV', '2026-02-05T01:00:00.25Z', '2026-02-05T01:00:00.25Z', NULL, 1, '2026-02-05T01:00:00.3Z', 2, 42,
        '2026-02-05T01:00:02Z', 2, 'W-2', 'RECEIVE', 10000.00, NULL, 'ORD-1', 'PAYMENT_ORDER'),
       ('TX-ALONE', '2026-02-05T01:00:01.000001Z', '2026-02-05T01:00:01.000001Z', NULL, NULL, '2026-02-05T01:00:01.2Z', 3, 43,
        '2026-02-05T01:00:02Z', 2, 'W-1', 'PAYMENT', 10000.00, NULL, NULL, NULL),
       ('TX-OPEN', '2026-02-05T00:40:01Z', '2026-02-05T00:40:01Z', NULL, 1, '2026-02-05T00:50:00Z', 4, 21,
        '2026-02-05T00:50:30Z', 1, 'W-3', 'PAYMENT', 25.5, -25.5, 'ORD-OPEN', 'PAYMENT_ORDER'),
       ('TX-NO-ORDER', '2026-02-05T00:42:00Z', '2026-02-05T00:42:00Z', NULL, 1, '2026-02-05T00:50:00Z', 5, 22,
        '2026-02-05T00:50:30Z', 1, 'W-3', 'RECEIVE', 1, NULL, 'ORD-NONE', 'PAYMENT_ORDER'),
       ('TX-UNTYPED', '2026-02-05T00:43:00Z', '2026-02-05T00:43:00Z', NULL, 1, '2026-02-05T00:50:00Z', 6, 23,
        '2026-02-05T00:50:30Z', 1, 'W-3', 'RECEIVE', 1, NULL, 'ORD-OTHER', NULL),
       ('TX-ODD-1', '2026-02-05T00:41:00Z', '2026-02-05T00:41:00Z', NULL, 1, '2026-02-05T00:50:00Z', 7, 24,
        '2026-02-05T00:50:30Z', 1, 'W-4', 'PAYMENT', 7.00, NULL, 'ORD-ODD', 'PAYMENT_ORDER'),
       ('TX-ODD-2', '2026-02-05T00:41:01Z', '2026-02-05T00:41:01Z', NULL, 1, '2026-02-05T00:50:00Z', 8, 25,
        '2026-02-05T00:50:30Z', 1, 'W-4', 'PAYMENT', 7, NULL, 'ORD-ODD', 'PAYMENT_ORDER'),
       ('TX-ODD-3', '2026-02-05T00:41:02Z', '2026-02-05T00:41:02Z', NULL, 1, '2026-02-05T00:50:00Z', 9, 26,
        '2026-02-05T00:50:30Z', 1, 'W-4', 'RECEIVE', 6.99, NULL, 'ORD-ODD', 'PAYMENT_ORDER');

INSERT INTO dead_letter (dead_letter_id, source_id, position, record_time, reason, detail, record_key, record_value,
    failed_at) OVERRIDING SYSTEM VALUE
VALUES (1, 2, 44, '2026-02-05T01:00:03Z', 'parse_error', 'amount: not a decimal', 'TX-DEAD',
        '{"tx_id":"TX-DEAD","amount":"much","related_id":"ORD-OPEN"}', '2026-02-05T01:00:03Z'),
       (2, 3, 13, '2026-02-05T01:00:04Z', 'contract_core_violation', 'two versions', NULL,
        '{"order_id":"ORD-DEAD","version":1,"source_version":2}', '2026-02-05T01:00:04Z');

INSERT INTO dead_letter_run (action, actor, note, only_ids, runner, selected, discarded, requested_at, ended_at)
VALUES ('DISCARD', 'kim', 'a load test', '{3}', 'kim', 1, 1, '2026-02-05T00:55:00Z', '2026-02-05T00:55:00Z');

INSERT INTO bo.audit_chain (chain_id, started_at, writer, previous_hash, start_hash, head_hash)
SELECT 1, '2026-02-05T00:00:00Z', 'golden', decode(repeat('00', 32), 'hex'), sha256('start'), sha256('start');
UPDATE bo.audit_register SET chains = 1, head_hash = sha256('start');
INSERT INTO bo.audit (audit_id, at, actor, roles, ip, user_agent, action, resource_type, resource_id, method, path, query,
    result, status_code, duration_ms, result_count, correlation_id, chain_id, sequence, previous_hash, hash)
    OVERRIDING SYSTEM VALUE
SELECT -n, timestamptz '2026-02-05T00:00:00Z' + (5 - n) * interval '1 min', 'kim', '{ADMIN_READ}', '198.51.100.7', 'console/1.0',
       'LOOKUP_TX', 'TX', 'TX-OLD-' || n, 'GET', '/admin/tx/TX-OLD-' || n, NULL,
       CASE WHEN n = 2 THEN 'NOT_FOUND' ELSE 'FOUND' END, CASE WHEN n = 2 THEN 404 ELSE 200 END, 3,
       CASE WHEN n = 2 THEN 0 ELSE 1 END, 'ticket-0' || n, 1, 5 - n, sha256('previous'), sha256(convert_to('row ' || n, 'UTF8'))
FROM generate_series(4, 1, -1) n;

-- What a rebuild that failed, the one that made the generation that serves, and a later gate left behind; and one under way.
INSERT INTO bo.evidence (act, generation, verdict, cause, t_cutover, started_at, ended_at, hash, bundle)
VALUES ('rebuild', 20260205004000, 'NO_GO', 'BACKFILL_FAILED', '2026-02-05T00:40:00Z', '2026-02-05T00:40:00Z', '2026-02-05T00:40:21.5Z',
    'd3f93609ebaa3c8665b2af8b6eb12bf874146152a693da4fbc9e540c5135947f',
    '{"act": "rebuild", "subject": "20260205004000", "verdict": "NO_GO", "entries": [{"sequence": 1, "kind": "inputs", "content": {"profile": "profiles/local.yaml", "stage": "LOCAL", "owner": "golden", "env": "local", "topics": ["ledger.entry.upserted", "payment.order.upserted"]}, "previous": "0000000000000000000000000000000000000000000000000000000000000000", "hash": "c2ed37aab13e86ac40edd29795b6adfa93bdaa5f1947e8a454aa2a8c63b45e08"},
    {"sequence": 2, "kind": "build", "content": {"version": "0.1.0", "gitSha": "4fdb3df", "java": "17.0.12+7", "system": "Linux amd64"}, "previous": "c2ed37aab13e86ac40edd29795b6adfa93bdaa5f1947e8a454aa2a8c63b45e08", "hash": "838e7b9e21e76c4f61989200582ad20c0e0cec47e85a33d466402b875baa1012"},
    {"sequence": 3, "kind": "generation", "content": {"generation": 20260205004000, "cutover": "2026-02-05T00:40:00Z", "consumerGroup": "bo-sync-local-golden-v20260205004000", "started": "2026-02-05T00:40:00Z", "ended": "2026-02-05T00:40:21.5Z"}, "previous": "838e7b9e21e76c4f61989200582ad20c0e0cec47e85a33d466402b875baa1012", "hash": "32134ca603f15f9c2f800067028faa08c7880d04534887db7a121b33507d3bd9"},
    {"sequence": 4, "kind": "step", "content": {"step": "CREATE", "started": "2026-02-05T00:40:00Z", "elapsed": "PT3.2S", "detail": "PostgreSQL 127.0.0.1:15432, Kafka 127.0.0.1:19092"}, "previous": "32134ca603f15f9c2f800067028faa08c7880d04534887db7a121b33507d3bd9", "hash": "8b2643a730f4d4e626da60002fdda24b81d52a69fc1ad483059c619c42244028"},
    {"sequence": 5, "kind": "step", "content": {"step": "SECRETS", "started": "2026-02-05T00:40:03.2Z", "elapsed": "PT0.04S", "detail": "1 secret in .txlookup/secrets"}, "previous": "8b2643a730f4d4e626da60002fdda24b81d52a69fc1ad483059c619c42244028", "hash": "194d99bbae940cf0fde543e957a22d6f1f08b81ca21986bebcc2d77027c30f6a"},
    {"sequence": 6, "kind": "step", "content": {"step": "MIGRATE", "started": "2026-02-05T00:40:03.3Z", "elapsed": "PT0.6S", "detail": "revision 9 = head, 9 migrations applied"}, "previous": "194d99bbae940cf0fde543e957a22d6f1f08b81ca21986bebcc2d77027c30f6a", "hash": "77e7746368c78ff1d59eab04bf56640731ddb623155b0a315bb6855e1745367f"},
    {"sequence": 7, "kind": "anchor", "content": {"topic": "ledger.entry.upserted", "partition": 0, "startOffset": 40}, "previous": "77e7746368c78ff1d59eab04bf56640731ddb623155b0a315bb6855e1745367f", "hash": "5f1048e4d6510aac628a43457ad5dee7830392d744b4bd671e91873bbe5b8d53"},
    {"sequence": 8, "kind": "decision", "content": {"go": false, "gates": [], "cause": "BACKFILL_FAILED", "reason": "step 4, pin the cutover, backfill: ledger.ndjson line 17: no JSON object", "owner": "golden", "retryAfter": "2026-02-05T00:50:00Z", "unblock": "mend what the message names, then begin a new rebuild"}, "previous": "5f1048e4d6510aac628a43457ad5dee7830392d744b4bd671e91873bbe5b8d53", "hash": "2e14d85abd7d5a0b85c2a9fd74ce1d5bf2d9c6c01e628646b00de156a3b49671"},
    {"sequence": 9, "kind": "end", "content": {"act": "rebuild", "subject": "20260205004000", "verdict": "NO_GO", "entries": 8}, "previous": "2e14d85abd7d5a0b85c2a9fd74ce1d5bf2d9c6c01e628646b00de156a3b49671", "hash": "d3f93609ebaa3c8665b2af8b6eb12bf874146152a693da4fbc9e540c5135947f"}]}'),
       ('rebuild', 20260205005000, 'GO', NULL, '2026-02-05T00:50:00Z', '2026-02-05T00:49:55Z', '2026-02-05T00:52:10.25Z',
    'de6dcf5f12e9c876e237879b9b98883a7115ea06e03986c8ceb8021870f6556b',
    '{"act": "rebuild", "subject": "20260205005000", "verdict": "GO", "entries": [{"sequence": 1, "kind": "inputs", "content": {"profile": "profiles/local.yaml", "stage": "LOCAL", "owner": "golden", "env": "local", "topics": ["ledger.entry.upserted", "payment.order.upserted"]}, "previous": "d3f93609ebaa3c8665b2af8b6eb12bf874146152a693da4fbc9e540c5135947f", "hash": "fd1fb676229dfd430f2834bdb82b0898b2cae247f54c7b42e4a8f80b0d843db1"},
    {"sequence": 2, "kind": "build", "content": {"version": "0.1.0", "gitSha": "4fdb3df", "java": "17.0.12+7", "system": "Linux amd64"}, "previous": "fd1fb676229dfd430f2834bdb82b0898b2cae247f54c7b42e4a8f80b0d843db1", "hash": "9376434cd26bd7ee3cd7c8a8f496e3c10c1f41285f2b82c3b829c23fa3c016e7"},
    {"sequence": 3, "kind": "generation", "content": {"generation": 20260205005000, "cutover": "2026-02-05T00:50:00Z", "consumerGroup": "bo-sync-local-golden-v20260205005000", "started": "2026-02-05T00:49:55Z", "ended": "2026-02-05T00:52:10.25Z"}, "previous": "9376434cd26bd7ee3cd7c8a8f496e3c10c1f41285f2b82c3b829c23fa3c016e7", "hash": "d8a6f132c375c4a5ad00d4c23cecbe91a3889863ac5797ebc70a7abb37c39480"},
    {"sequence": 4, "kind": "step", "content": {"step": "CREATE", "started": "2026-02-05T00:49:55Z", "elapsed": "PT3.1S", "detail": "PostgreSQL 127.0.0.1:15432, Kafka 127.0.0.1:19092"}, "previous": "d8a6f132c375c4a5ad00d4c23cecbe91a3889863ac5797ebc70a7abb37c39480", "hash": "dace5b6e324bd74f494119939bfc6ed8f1fa729f238f5abb1632d72321679230"},
    {"sequence": 5, "kind": "step", "content": {"step": "SECRETS", "started": "2026-02-05T00:49:58.1Z", "elapsed": "PT0.05S", "detail": "1 secret in .txlookup/secrets"}, "previous": "dace5b6e324bd74f494119939bfc6ed8f1fa729f238f5abb1632d72321679230", "hash": "740c9fa558367b028425d8445bfa2dd11fd1d2447f0da40033b6e20c0db77a8a"},
    {"sequence": 6, "kind": "step", "content": {"step": "MIGRATE", "started": "2026-02-05T00:49:58.2Z", "elapsed": "PT0.7S", "detail": "revision 9 = head, 9 migrations applied"}, "previous": "740c9fa558367b028425d8445bfa2dd11fd1d2447f0da40033b6e20c0db77a8a", "hash": "bdb257093564b1d58791e50adc18a036cfec26ab8a41dabe4c4d108e6c6572e8"},
    {"sequence": 7, "kind": "step", "content": {"step": "BACKFILL", "started": "2026-02-05T00:50:00Z", "elapsed": "PT61S", "detail": "T_cutover 2026-02-05T00:50:00Z pinned in 2 partitions; 99 rows loaded, 0 rejected, in 60.2 s"}, "previous": "bdb257093564b1d58791e50adc18a036cfec26ab8a41dabe4c4d108e6c6572e8", "hash": "6dd25f6bca62f6b3e05fab088383179dd186d0c042c6553d1de35d0e33bd3616"},
    {"sequence": 8, "kind": "step", "content": {"step": "CONSUME", "started": "2026-02-05T00:51:01Z", "elapsed": "PT4.5S", "detail": "2 consumers run; group bo-sync-local-golden-v20260205005000 caught up after 20 records"}, "previous": "6dd25f6bca62f6b3e05fab088383179dd186d0c042c6553d1de35d0e33bd3616", "hash": "9dccef7feee17fe0f810826d38df461ee890a609ed1c46975bb00a3c19b0bb92"},
    {"sequence": 9, "kind": "step", "content": {"step": "SMOKE", "started": "2026-02-05T00:51:05.5Z", "elapsed": "PT2.2S", "detail": "http://127.0.0.1:8080 answers 200 and 404"}, "previous": "9dccef7feee17fe0f810826d38df461ee890a609ed1c46975bb00a3c19b0bb92", "hash": "10bf9341f46181838909c4c9eeec6d64f557e06a4ec9c4aeeb249959c072e1ff"},
    {"sequence": 10, "kind": "step", "content": {"step": "MONITOR", "started": "2026-02-05T00:51:07.7Z", "elapsed": "PT0.3S", "detail": "2 processes scraped, 412 series; freshness, latency and lag are there"}, "previous": "10bf9341f46181838909c4c9eeec6d64f557e06a4ec9c4aeeb249959c072e1ff", "hash": "6cfdf7a88b33d4a808ebc15c3fd53e0a1992806a711bda915f7e58c444dd3b4f"},
    {"sequence": 11, "kind": "anchor", "content": {"topic": "ledger.entry.upserted", "partition": 0, "startOffset": 40}, "previous": "6cfdf7a88b33d4a808ebc15c3fd53e0a1992806a711bda915f7e58c444dd3b4f", "hash": "c866a68298918a5e2609b7b45a497228b65c1f6668b3453abef3d58828f81e8d"},
    {"sequence": 12, "kind": "anchor", "content": {"topic": "payment.order.upserted", "partition": 1, "startOffset": 10}, "previous": "c866a68298918a5e2609b7b45a497228b65c1f6668b3453abef3d58828f81e8d", "hash": "b3e6945f81f10aeafd7218f1739f1a3ba040b4cce0e9eadab14aba824c6a5a1a"},
    {"sequence": 13, "kind": "manifest", "content": {"generation": 20260205005000, "cutover": "2026-02-05T00:50:00Z", "inputs": [{"name": "ledger.ndjson", "entity": "LEDGER_ENTRY", "asOf": "2026-02-05T00:50:00Z", "sha256": "5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "counts": {"consumed": 99, "applied": 97, "stale": 1, "duplicate": 1, "dead": 0, "bytes": 20480}}], "elapsed": "PT60.2S"}, "previous": "b3e6945f81f10aeafd7218f1739f1a3ba040b4cce0e9eadab14aba824c6a5a1a", "hash": "8d8c1d13f6221cb7327fc518e92003f74fed8b2d9b80f2b1542f57f475f2a823"},
    {"sequence": 14, "kind": "gate", "content": {"gate": "the seven steps", "passed": true, "measured": "7 of 7", "wanted": "7 of 7"}, "previous": "8d8c1d13f6221cb7327fc518e92003f74fed8b2d9b80f2b1542f57f475f2a823", "hash": "30927c0a11bbf75b4610863a50174134501f281ef13907e8563f56727991d2c7"},
    {"sequence": 15, "kind": "gate", "content": {"gate": "a known tx_id", "passed": true, "measured": "200", "wanted": "200"}, "previous": "30927c0a11bbf75b4610863a50174134501f281ef13907e8563f56727991d2c7", "hash": "4ca75cb43be532fbe688d27117dac2b149ed9d3f671c5bf064ad64357b1a3bd7"},
    {"sequence": 16, "kind": "gate", "content": {"gate": "an unknown tx_id", "passed": true, "measured": "404", "wanted": "404"}, "previous": "4ca75cb43be532fbe688d27117dac2b149ed9d3f671c5bf064ad64357b1a3bd7", "hash": "d15d76837c1217e5ed6273adf35e74a1c0a3057ce61e702f1759aed99158fcfd"},
    {"sequence": 17, "kind": "gate", "content": {"gate": "API p95", "passed": true, "measured": "3.1 ms of 4,200 lookups", "wanted": "< 200 ms"}, "previous": "d15d76837c1217e5ed6273adf35e74a1c0a3057ce61e702f1759aed99158fcfd", "hash": "b52cc7c9481651b9701c30d36912985eae0945a4c56d3a4e8071fdb78c259291"},
    {"sequence": 18, "kind": "gate", "content": {"gate": "freshness p95", "passed": true, "measured": "0.4 s of 1,800 events", "wanted": "< 5 s"}, "previous": "b52cc7c9481651b9701c30d36912985eae0945a4c56d3a4e8071fdb78c259291", "hash": "bf9a02e99cf3439e4535399ef059f166d05c2a0b233e6dcc87b06beb93c872dd"},
    {"sequence": 19, "kind": "gate", "content": {"gate": "errors", "passed": true, "measured": "0 of 4,200", "wanted": "< 2 %"}, "previous": "bf9a02e99cf3439e4535399ef059f166d05c2a0b233e6dcc87b06beb93c872dd", "hash": "6a998799b6c58eec9498384f8525d4001dc36da04710275dbc340964b21ae063"},
    {"sequence": 20, "kind": "gate", "content": {"gate": "dead letters", "passed": true, "measured": "0", "wanted": "0"}, "previous": "6a998799b6c58eec9498384f8525d4001dc36da04710275dbc340964b21ae063", "hash": "cea29b913af98686a22bc5c9ea2a4dc94a3d4279f064476496ad3537594f347e"},
    {"sequence": 21, "kind": "decision", "content": {"go": true, "gates": [{"gate": "the seven steps", "passed": true, "measured": "7 of 7", "wanted": "7 of 7"}, {"gate": "a known tx_id", "passed": true, "measured": "200", "wanted": "200"}, {"gate": "an unknown tx_id", "passed": true, "measured": "404", "wanted": "404"}, {"gate": "API p95", "passed": true, "measured": "3.1 ms of 4,200 lookups", "wanted": "< 200 ms"}, {"gate": "freshness p95", "passed": true, "measured": "0.4 s of 1,800 events", "wanted": "< 5 s"}, {"gate": "errors", "passed": true, "measured": "0 of 4,200", "wanted": "< 2 %"}, {"gate": "dead letters", "passed": true, "measured": "0", "wanted": "0"}], "cause": null, "reason": null, "owner": null, "retryAfter": null, "unblock": null}, "previous": "cea29b913af98686a22bc5c9ea2a4dc94a3d4279f064476496ad3537594f347e", "hash": "6662f536ba06e39276cedeac2987e65017131d468d7f93e5eaa22b932c99d083"},
    {"sequence": 22, "kind": "end", "content": {"act": "rebuild", "subject": "20260205005000", "verdict": "GO", "entries": 21}, "previous": "6662f536ba06e39276cedeac2987e65017131d468d7f93e5eaa22b932c99d083", "hash": "de6dcf5f12e9c876e237879b9b98883a7115ea06e03986c8ceb8021870f6556b"}]}'),
       ('slo-gate', 20260205005000, 'PASS', NULL, NULL, '2026-02-05T00:53:00Z', '2026-02-05T00:58:00Z',
    '797e68a412904823edcbe5b7d7a70409486cffc92367faa4d3019b8bb72aa445',
    '{"act": "slo-gate", "subject": "20260205005000", "verdict": "PASS", "entries": [{"sequence": 1, "kind": "inputs", "content": {"environment": "local golden local", "sloFile": "profiles/slo/default.yaml", "sloSha256": "abababababababababababababababababababababababababababababababab", "observationSha256": "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"}, "previous": "de6dcf5f12e9c876e237879b9b98883a7115ea06e03986c8ceb8021870f6556b", "hash": "21fb731f46d20924dde4a4e54717d1e19b8da42417f1fda5218f96248a825223"},
    {"sequence": 2, "kind": "build", "content": {"version": "0.1.0", "gitSha": "4fdb3df", "java": "17.0.12+7", "system": "Linux amd64"}, "previous": "21fb731f46d20924dde4a4e54717d1e19b8da42417f1fda5218f96248a825223", "hash": "26d95edf6ed894a7feeca9b62b69e104975594b846311f997c21955fd79bde40"},
    {"sequence": 3, "kind": "generation", "content": {"generation": 20260205005000, "started": "2026-02-05T00:53:00Z", "ended": "2026-02-05T00:58:00Z"}, "previous": "26d95edf6ed894a7feeca9b62b69e104975594b846311f997c21955fd79bde40", "hash": "0dd4d22eed3f8fa4679febbc0dbb17b1e90260ccb5a3e9c4795f93bb4dc2bfee"},
    {"sequence": 4, "kind": "decision", "content": {"verdict": "PASS", "exitCode": 0}, "previous": "0dd4d22eed3f8fa4679febbc0dbb17b1e90260ccb5a3e9c4795f93bb4dc2bfee", "hash": "9a5652b17fb0195984f290cfebf4de49fbb9d147fec081117d42bf7fb93d9255"},
    {"sequence": 5, "kind": "end", "content": {"act": "slo-gate", "subject": "20260205005000", "verdict": "PASS", "entries": 4}, "previous": "9a5652b17fb0195984f290cfebf4de49fbb9d147fec081117d42bf7fb93d9255", "hash": "797e68a412904823edcbe5b7d7a70409486cffc92367faa4d3019b8bb72aa445"}]}');

INSERT INTO bo.generation (generation, env, owner, consumer_group, event_profile, t_cutover, state, updated_at)
VALUES (20260205010000, 'local', 'golden', 'bo-sync-local-golden-v20260205010000', 'canonical-v1', '2026-02-05T01:00:00Z',
        'MIGRATED', '2026-02-05T01:00:05Z');

INSERT INTO bo.act (kind, target, actor, reason, epoch_before, epoch_after, requested_at, ended_at, outcome, detail)
VALUES ('SWITCH', 20260205005000, 'kim', 'the first one', 0, 1, '2026-02-05T00:52:09Z', '2026-02-05T00:52:10.250Z', 'DONE',
        '100 % of the lookups are answered by generation 20260205005000'),
       ('RETIRE', 20260205004000, 'lee', 'ended NO_GO', 1, NULL, '2026-02-05T00:55:00Z', NULL, NULL, NULL);
