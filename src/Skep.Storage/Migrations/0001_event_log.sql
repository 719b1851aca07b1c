-- Streams and their events. Checksums (crc) cover everything that a row means, see Checksum.cs.

CREATE TABLE streams (
    id      INTEGER PRIMARY KEY,
    name    TEXT    NOT NULL UNIQUE,
    seq     INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    crc     INTEGER NOT NULL
);

-- Apart from streams, so that an append that leaves the summary alone does not rewrite it.
CREATE TABLE summaries (
    stream  INTEGER PRIMARY KEY,
    crc     INTEGER NOT NULL,
    payload BLOB    NOT NULL
);

CREATE TABLE event_types (
    id   INTEGER PRIMARY KEY,
    name TEXT    NOT NULL UNIQUE
);

-- id is the stream's id in the upper 32 bits and the sequence number in the lower 32: the events of a stream lie together,
-- in order, and one integer finds them.
CREATE TABLE events (
    id      INTEGER PRIMARY KEY,
    type    INTEGER NOT NULL,
    version INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    crc     INTEGER NOT NULL,
    payload BLOB    NOT NULL
);

-- The same for people with a SQLite shell.
CREATE VIEW event_log AS
SELECT s.name AS stream, e.id & 4294967295 AS seq, t.name AS type, e.version, e.at, CAST(e.payload AS TEXT) AS payload
FROM events e JOIN streams s ON s.id = e.id >> 32 JOIN event_types t ON t.id = e.type;

CREATE TABLE snapshots (
    stream  INTEGER PRIMARY KEY,
    seq     INTEGER NOT NULL,
    version INTEGER NOT NULL,
    items   INTEGER NOT NULL,
    digest  INTEGER NOT NULL,
    crc     INTEGER NOT NULL
);

CREATE TABLE snapshot_items (
    stream  INTEGER NOT NULL,
    key     TEXT    NOT NULL,
    crc     INTEGER NOT NULL,
    payload BLOB    NOT NULL,
    PRIMARY KEY (stream, key)
) WITHOUT ROWID;

CREATE TABLE blob_refs (
    stream INTEGER NOT NULL,
    sha256 BLOB    NOT NULL,
    PRIMARY KEY (stream, sha256)
) WITHOUT ROWID;

CREATE INDEX blob_refs_by_blob ON blob_refs (sha256);

-- Streams that are gone for readers and whose rows are still being removed.
CREATE TABLE deleted_streams (
    stream INTEGER PRIMARY KEY
);
