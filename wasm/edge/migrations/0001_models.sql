-- A row is a version of a model. Its document is the object of that key. A row is written once; only deleted is set, once,
-- so that a version's number is never given again.
CREATE TABLE models (
  name    TEXT    NOT NULL,
  version INTEGER NOT NULL,
  object  TEXT    NOT NULL UNIQUE,
  digest  TEXT    NOT NULL, -- SHA-256 of the document, in hexadecimal
  bytes   INTEGER NOT NULL,
  columns INTEGER NOT NULL,
  classes TEXT    NOT NULL, -- as JSON
  created INTEGER NOT NULL, -- milliseconds from 1970, as is deleted
  deleted INTEGER,
  PRIMARY KEY (name, version)
) STRICT, WITHOUT ROWID;
