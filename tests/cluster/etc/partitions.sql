-- tests/cluster/etc/partitions.sql
BEGIN;
CREATE TABLE partitioned (LIKE django_session INCLUDING ALL) PARTITION BY HASH (session_key);
CREATE TABLE django_session_0 PARTITION OF partitioned FOR VALUES WITH (MODULUS 4, REMAINDER 0);
CREATE TABLE django_session_1 PARTITION OF partitioned FOR VALUES WITH (MODULUS 4, REMAINDER 1);
CREATE TABLE django_session_2 PARTITION OF partitioned FOR VALUES WITH (MODULUS 4, REMAINDER 2);
CREATE TABLE django_session_3 PARTITION OF partitioned FOR VALUES WITH (MODULUS 4, REMAINDER 3);
INSERT INTO partitioned SELECT * FROM django_session;
DROP TABLE django_session;
ALTER TABLE partitioned RENAME TO django_session;

CREATE TABLE partitioned (LIKE auth_ui_lockout_counter INCLUDING ALL) PARTITION BY HASH (digest);
CREATE TABLE auth_ui_lockout_counter_0 PARTITION OF partitioned FOR VALUES WITH (MODULUS 4, REMAINDER 0);
CREATE TABLE auth_ui_lockout_counter_1 PARTITION OF partitioned FOR VALUES WITH (MODULUS 4, REMAINDER 1);
CREATE TABLE auth_ui_lockout_counter_2 PARTITION OF partitioned FOR VALUES WITH (MODULUS 4, REMAINDER 2);
CREATE TABLE auth_ui_lockout_counter_3 PARTITION OF partitioned FOR VALUES WITH (MODULUS 4, REMAINDER 3);
INSERT INTO partitioned SELECT * FROM auth_ui_lockout_counter;
DROP TABLE auth_ui_lockout_counter;
ALTER TABLE partitioned RENAME TO auth_ui_lockout_counter;
COMMIT;
