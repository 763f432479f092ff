-- Rounds in which many browsers train one model. Rows are only added while they can still count, each table keyed so that of two
-- that say the same the first counts: a repeated request changes nothing, and neither does one that died half-way. Removed are
-- updates once the next round is there, and rows whose federation is not.
CREATE TABLE federations (
  id       TEXT    NOT NULL PRIMARY KEY,
  settings TEXT    NOT NULL, -- as JSON
  quorum   INTEGER NOT NULL, -- updates that close a round; 0: as many as were invited
  minimum  INTEGER NOT NULL, -- updates below which no round is closed
  seconds  INTEGER NOT NULL, -- after which a round is overdue
  created  INTEGER NOT NULL  -- milliseconds from 1970, as are deadlines
) STRICT, WITHOUT ROWID;

CREATE TABLE members (
  federation TEXT NOT NULL,
  member     TEXT NOT NULL,
  PRIMARY KEY (federation, member)
) STRICT, WITHOUT ROWID;

CREATE TABLE rounds (
  federation TEXT    NOT NULL,
  number     INTEGER NOT NULL,
  state      BLOB    NOT NULL, -- as internal/federated encodes it
  deadline   INTEGER NOT NULL, -- 0 for the last
  failure    TEXT    NOT NULL, -- why there is no further one; "" while there is
  members    INTEGER NOT NULL, -- who were invited when it began
  PRIMARY KEY (federation, number)
) STRICT;

-- After a round's row here no update of it is taken, so that what is added up is the same whenever it is.
CREATE TABLE closings (
  federation TEXT    NOT NULL,
  round      INTEGER NOT NULL,
  PRIMARY KEY (federation, round)
) STRICT, WITHOUT ROWID;

CREATE TABLE updates (
  federation TEXT    NOT NULL,
  round      INTEGER NOT NULL,
  member     TEXT    NOT NULL,
  payload    BLOB    NOT NULL, -- float64, little-endian
  PRIMARY KEY (federation, round, member)
) STRICT;
