-- How many are invited to a federation is counted after each invitation, and no more for each question: no more than there are.
ALTER TABLE federations ADD COLUMN members INTEGER NOT NULL DEFAULT 0;
UPDATE federations SET members = (SELECT count(*) FROM members WHERE federation = federations.id);

-- States lie last, since long ones are apart from the rest of their rows. They are emptied once there is a further round.
CREATE TABLE ordered (
  federation TEXT    NOT NULL,
  number     INTEGER NOT NULL,
  deadline   INTEGER NOT NULL, -- 0 for the last
  failure    TEXT    NOT NULL, -- why there is no further one; "" while there is
  state      BLOB    NOT NULL, -- as internal/federated encodes it
  PRIMARY KEY (federation, number)
) STRICT;
INSERT INTO ordered (federation, number, deadline, failure, state) SELECT federation, number, deadline, failure, state FROM rounds;
DROP TABLE rounds;
ALTER TABLE ordered RENAME TO rounds;
