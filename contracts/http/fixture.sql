-- What every golden answer is about. The clock of the service stands at 2026-02-05T01:00:10Z.
INSERT INTO bo.generation (generation, env, owner, consumer_group, event_profile, t_cutover, state)
VALUES (20260205005000, 'local', 'golden', 'bo-sync-local-golden-v20260205005000', 'canonical-v1', '2026-02-05T00:50:00Z',
        'ACTIVE');

INSERT INTO bo.coverage (source_id, generation, kind, name, partition, start_position, next_position, as_of, applied_until,
    completed_at, caught_up_at) OVERRIDING SYSTEM VALUE
VALUES (1, 20260205005000, 'BACKFILL', 'ledger.ndjson', -1, 1, 100, '2026-02-05T00:50:00Z', NULL, '2026-02-05T00:51:00Z', NULL),
       (2, 20260205005000, 'STREAM', 'ledger.entry.upserted', 0, 40, 50, '2026-02-05T00:50:00Z', '2026-02-05T01:00:07Z', NULL,
        '2026-02-05T01:00:09.5Z'),
       (3, 20260205005000, 'STREAM', 'payment.order.upserted', 1, 10, 20, '2026-02-05T00:50:00Z', '2026-02-05T01:00:08Z', NULL,
        NULL);

INSERT INTO bo.payment_order (order_id, created_at, updated_at, version, source_time, digest, source_position, ingested_at,
    source_id, user_id, merchant_name, amount, status)
VALUES ('ORD-1', '2026-02-05T00:59:58Z', '2026-02-05T00:59:59Z', 3, '2026-02-05T00:59:59.2Z', 1, 12, '2026-02-05T01:00:02Z', 3,
        'U-1', 'Küche/Café "Süd"', 10000.00, 'SETTLED'),
       ('ORD-BARE', '2026-02-05T00:59:58Z', NULL, NULL, '2026-02-05T00:50:00Z', 2, 7, '2026-02-05T00:50:30Z', 1,
        NULL, NULL, 0.10, 'on hold'),
       ('ORD-OPEN', '2026-02-05T00:40:00Z', NULL, 1, '2026-02-05T00:50:00Z', 3, 8, '2026-02-05T00:50:30Z', 1,
        'U-2', 'Blue Bottle', 25.5, 'AUTHORIZED'),
       ('ORD-ODD', '2026-02-05T00:41:00Z', NULL, 1, '2026-02-05T00:50:00Z', 4, 9, '2026-02-05T00:50:30Z', 1,
        'U-2', 'Blue Bottle', 7.00, 'PAID');

INSERT INTO bo.ledger_entry (tx_id, event_time, created_at, updated_at, version, source_time, digest, source_position,
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

INSERT INTO bo.dead_letter (dead_letter_id, source_id, position, record_time, reason, detail, record_key, record_value,
    failed_at) OVERRIDING SYSTEM VALUE
VALUES (1, 2, 44, '2026-02-05T01:00:03Z', 'parse_error', 'amount: not a decimal', 'TX-DEAD',
        '{"tx_id":"TX-DEAD","amount":"much","related_id":"ORD-OPEN"}', '2026-02-05T01:00:03Z'),
       (2, 3, 13, '2026-02-05T01:00:04Z', 'contract_core_violation', 'two versions', NULL,
        '{"order_id":"ORD-DEAD","version":1,"source_version":2}', '2026-02-05T01:00:04Z');

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
