-- The first schema. One text for SQLite and PostgreSQL: ids are made by the program, times are UTC seconds.

-- People and how they identify themselves -------------------------------------------------------------------------

CREATE TABLE people (
    id BIGINT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,                 -- lower case
    former_emails TEXT NOT NULL DEFAULT '',     -- addresses they had before, a space before each; calendar apps still know them
    name TEXT NOT NULL,
    timezone TEXT,                              -- IANA name
    language TEXT,                              -- of mails and pages: en, de; NULL: nobody has said
    password TEXT,                              -- argon2id, for the sign-in form alone; NULL: only links
    reminders BOOLEAN NOT NULL DEFAULT TRUE,    -- FALSE: wants no reminders by mail
    admin BOOLEAN NOT NULL DEFAULT FALSE,
    banned BOOLEAN NOT NULL DEFAULT FALSE,
    version BIGINT NOT NULL DEFAULT 1,          -- lock and logical clock of everything the person owns
    slots BIGINT NOT NULL DEFAULT 1,            -- version at which offers, busy times, holds or rules last changed
    slots_changed BIGINT NOT NULL DEFAULT 0,    -- when that was
    auth_epoch BIGINT NOT NULL DEFAULT 1,
    feed_generation BIGINT NOT NULL DEFAULT 0,  -- raised to give the person's feeds new addresses
    notice BIGINT,                              -- rules of the person as host; NULL: the next level decides (seconds)
    buffer_before BIGINT,
    buffer_after BIGINT,
    booking_window BIGINT,
    max_per_day BIGINT,
    max_per_week BIGINT,
    last_assigned BIGINT NOT NULL DEFAULT 0,
    removed BIGINT,                             -- when the person was removed; only what they took part in still names the row
    picture TEXT,                               -- name of their picture in its address; NULL: none
    farewell TEXT,                              -- a removed person's address, until the last mails to it have gone
    created BIGINT NOT NULL
);

-- Small squares, made anew from what was sent: nothing but the picture is in them.
CREATE TABLE pictures (
    name TEXT PRIMARY KEY,                      -- random: who has no page with it on it cannot ask for it
    person BIGINT NOT NULL UNIQUE REFERENCES people (id) ON DELETE CASCADE,
    bytes BLOB NOT NULL,                        -- JPEG
    made BIGINT NOT NULL
);

CREATE TABLE app_passwords (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    label TEXT NOT NULL,
    digest BLOB NOT NULL UNIQUE,                -- SHA-256 of the random secret
    made_with BIGINT,                           -- the API token with which it was made: it ends with that one
    created BIGINT NOT NULL,
    last_used BIGINT
);
CREATE INDEX app_passwords_person ON app_passwords (person);

-- What programs show to the API (RFC 6750).
CREATE TABLE api_tokens (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    auth_epoch BIGINT NOT NULL,
    label TEXT NOT NULL,
    digest BLOB NOT NULL UNIQUE,                -- SHA-256 of the random secret
    made_with BIGINT,                           -- the API token with which it was made: it ends with that one
    created BIGINT NOT NULL,
    last_used BIGINT
);
CREATE INDEX api_tokens_person ON api_tokens (person);

-- The newest link of a person; asking again replaces it.
CREATE TABLE sign_in_links (
    person BIGINT PRIMARY KEY REFERENCES people (id) ON DELETE CASCADE,
    request BIGINT NOT NULL UNIQUE,             -- names it for the job that mails it
    digest BLOB UNIQUE,                         -- SHA-256 of the random secret; NULL until the mail is written
    browser BLOB,                               -- SHA-256 of the asking browser's cookie; NULL: made by a command
    expires BIGINT NOT NULL,
    used BIGINT
);

-- Another address that somebody wants; asking again replaces it.
CREATE TABLE address_changes (
    person BIGINT PRIMARY KEY REFERENCES people (id) ON DELETE CASCADE,
    was TEXT NOT NULL,                          -- the address when it was asked for
    email TEXT NOT NULL,                        -- the new one, lower case
    request BIGINT NOT NULL UNIQUE,             -- names it for the jobs that mail
    digest BLOB UNIQUE,                         -- SHA-256 of the random secret; NULL until the mail is written
    expires BIGINT NOT NULL
);

CREATE TABLE web_sessions (
    digest BLOB PRIMARY KEY,
    id BIGINT NOT NULL UNIQUE,                  -- names it on the person's own page
    person BIGINT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    auth_epoch BIGINT NOT NULL,
    browser TEXT NOT NULL DEFAULT '',           -- in words: Firefox, Linux
    seen BIGINT NOT NULL,                       -- to the hour
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX web_sessions_person ON web_sessions (person);

-- Addresses that stay banned when their owners were removed: keyed hashes, which tell nobody's address.
CREATE TABLE banned_addresses (
    hash TEXT PRIMARY KEY,
    since BIGINT NOT NULL
);

-- Teams --------------------------------------------------------------------------------------------------------------

CREATE TABLE teams (
    id BIGINT PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    timezone TEXT NOT NULL,
    public BOOLEAN NOT NULL,
    active BOOLEAN NOT NULL DEFAULT TRUE,
    hidden BOOLEAN NOT NULL DEFAULT FALSE,      -- of a schedule without an account: only its secret addresses lead there
    booking TEXT NOT NULL CHECK (booking IN ('anyone', 'confirm', 'members')),
    show_hosts BOOLEAN NOT NULL DEFAULT FALSE,
    day_starts BIGINT NOT NULL DEFAULT 32400,   -- an all-day offer counts from here to there, seconds after midnight
    day_ends BIGINT NOT NULL DEFAULT 61200,
    notice BIGINT,
    buffer_before BIGINT,
    buffer_after BIGINT,
    booking_window BIGINT,
    daily_cap BIGINT,
    policy TEXT NOT NULL DEFAULT 'least-busy'   -- who of the free hosts gets a pooled booking
        CHECK (policy IN ('least-busy', 'round-robin', 'weighted', 'first-listed')),
    notify_leads BOOLEAN NOT NULL DEFAULT FALSE, -- leads get a copy of what the host is told
    notify_admins BOOLEAN NOT NULL DEFAULT FALSE,
    hosts_join BOOLEAN NOT NULL DEFAULT FALSE,  -- a stranger who invites the robot may become a host by a mailed link
    embed_on TEXT NOT NULL DEFAULT '',          -- origins of the sites that may show its open times, a space between
    version BIGINT NOT NULL DEFAULT 1,          -- grows with every change of team, types or memberships
    changed BIGINT NOT NULL,
    created BIGINT NOT NULL
);

CREATE TABLE memberships (
    team BIGINT NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    person BIGINT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('host', 'lead', 'guest')),
    active BOOLEAN NOT NULL DEFAULT TRUE,
    priority BIGINT NOT NULL DEFAULT 0,
    created BIGINT NOT NULL,
    PRIMARY KEY (team, person, role)
);
CREATE INDEX memberships_person ON memberships (person);

CREATE TABLE session_types (
    id BIGINT PRIMARY KEY,
    team BIGINT NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    minutes BIGINT NOT NULL CHECK (minutes BETWEEN 1 AND 1440),
    whole_offer BOOLEAN NOT NULL DEFAULT FALSE, -- a session is as long as its offer; minutes do not count
    step BIGINT,                                -- seconds; NULL: duration + buffers
    notice BIGINT,
    buffer_before BIGINT,
    buffer_after BIGINT,
    booking_window BIGINT,
    capacity BIGINT NOT NULL DEFAULT 1 CHECK (capacity BETWEEN 1 AND 1000),
    active BOOLEAN NOT NULL DEFAULT TRUE,
    internal BOOLEAN NOT NULL DEFAULT FALSE,    -- only members of the team see and book it
    approval BOOLEAN NOT NULL DEFAULT FALSE,    -- a booking waits until host or lead says yes
    place TEXT NOT NULL DEFAULT 'online' CHECK (place IN ('online', 'phone', 'address', 'custom')),
    place_detail TEXT NOT NULL DEFAULT '',      -- the address or the words for a place that is not online
    color TEXT NOT NULL DEFAULT '',             -- #rrggbb, or nothing
    phone TEXT NOT NULL DEFAULT 'off' CHECK (phone IN ('off', 'optional', 'required')),
    questions TEXT NOT NULL DEFAULT '[]',       -- JSON: what the form asks besides
    reminders TEXT NOT NULL DEFAULT '[86400,3600]', -- JSON: seconds before the start
    position BIGINT NOT NULL DEFAULT 0,
    created BIGINT NOT NULL,
    UNIQUE (team, slug)
);

-- Schedules without an account: a hidden team with one hidden host, whose address is private and gets no mail.
CREATE TABLE schedules (
    id BIGINT PRIMARY KEY,
    team BIGINT NOT NULL UNIQUE REFERENCES teams (id),
    type BIGINT NOT NULL REFERENCES session_types (id),
    host BIGINT NOT NULL UNIQUE REFERENCES people (id),
    generation BIGINT NOT NULL DEFAULT 0,       -- raised to give it new addresses
    visited BIGINT NOT NULL,                    -- when somebody last looked, to the day
    created BIGINT NOT NULL
);
CREATE INDEX schedules_visited ON schedules (visited);

-- Who changed what about people, teams and the server; only ever added to. What happens to a booking is in booking_log.
CREATE TABLE audit_log (
    id BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    actor BIGINT,                               -- person; NULL: the command line or the server itself
    action TEXT NOT NULL,                       -- two words: person banned
    object BIGINT,                              -- whom or what it is about: a person, a team, a job
    detail TEXT NOT NULL DEFAULT ''
);

-- Calendars ----------------------------------------------------------------------------------------------------------

CREATE TABLE collections (
    id BIGINT PRIMARY KEY,
    owner BIGINT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    name TEXT NOT NULL,                         -- path segment
    kind TEXT NOT NULL CHECK (kind IN ('offers', 'sessions', 'open', 'calendar', 'address')), -- open: computed, never stored
    display_name TEXT,
    description TEXT,
    color TEXT,
    position TEXT,
    timezone TEXT,
    components TEXT NOT NULL DEFAULT 'VEVENT',  -- comma-separated
    transparent BOOLEAN NOT NULL DEFAULT FALSE, -- its events never block
    version BIGINT NOT NULL,                    -- the owner's version at the last change of members or properties
    oldest BIGINT NOT NULL DEFAULT 0,           -- sync tokens before this are no longer answered
    created BIGINT NOT NULL,
    UNIQUE (owner, name)
);

CREATE TABLE collection_properties (
    collection BIGINT NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    namespace TEXT NOT NULL,
    local TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (collection, namespace, local)
);

CREATE TABLE objects (
    id BIGINT PRIMARY KEY,
    collection BIGINT NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    name TEXT NOT NULL,                         -- path segment
    uid TEXT NOT NULL,
    kind TEXT NOT NULL,                         -- VEVENT, VTODO, VJOURNAL
    etag TEXT NOT NULL,
    bytes BLOB NOT NULL,
    starts BIGINT NOT NULL,                     -- extent of all instances, a little wider for floating times
    ends BIGINT,                                -- NULL: goes on for ever
    recurring BOOLEAN NOT NULL,
    indexed_to BIGINT,                          -- occurrences are listed up to here; NULL: all of them are
    version BIGINT NOT NULL,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    UNIQUE (collection, name),
    UNIQUE (collection, uid)
);
CREATE INDEX objects_version ON objects (collection, version);
CREATE INDEX objects_horizon ON objects (indexed_to);
CREATE INDEX objects_listed ON objects (collection, indexed_to);

CREATE TABLE tombstones (
    collection BIGINT NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    version BIGINT NOT NULL,
    deleted BIGINT NOT NULL,                    -- when, for pruning
    PRIMARY KEY (collection, name)
);
CREATE INDEX tombstones_version ON tombstones (collection, version);

-- The occurrence index: derived from objects, rebuilt by `openhour reindex`.
CREATE TABLE occurrences (
    object BIGINT NOT NULL REFERENCES objects (id) ON DELETE CASCADE,
    person BIGINT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,                   -- within the object
    offer BOOLEAN NOT NULL,                     -- TRUE: an offer, FALSE: busy
    starts BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    all_day BOOLEAN NOT NULL,
    scope TEXT,                                 -- what follows "Available:", lower case
    rules TEXT,                                 -- what the description says of notice, buffers, seats and caps
    PRIMARY KEY (object, position)
);
CREATE INDEX occurrences_person ON occurrences (person, ends, starts);

-- By which program and settings derived data were made, so that a new one makes them anew.
CREATE TABLE derived (
    name TEXT PRIMARY KEY,
    made_by TEXT NOT NULL
);

-- Calendars elsewhere that hosts gave by a secret address (CN-3). What is read from one stands in its collection.
CREATE TABLE sources (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    collection BIGINT NOT NULL UNIQUE REFERENCES collections (id) ON DELETE CASCADE,
    address BLOB NOT NULL,                      -- encrypted, bound to id and person
    fingerprint TEXT NOT NULL,                  -- keyed hash of the address: the same is not added twice
    host TEXT NOT NULL,                         -- whose server; no secret
    offers BOOLEAN NOT NULL,                    -- FALSE: only busy times are taken from it
    etag TEXT,                                  -- validators of what was read last
    modified TEXT,
    due BIGINT NOT NULL,                        -- when it is read next
    not_before BIGINT NOT NULL DEFAULT 0,       -- its server asked to be left alone until then
    leased_until BIGINT,
    lease BIGINT NOT NULL DEFAULT 0,            -- of whom: grows with each reading
    tried BIGINT,
    succeeded BIGINT,                           -- when it was last read well, or found unchanged
    failures BIGINT NOT NULL DEFAULT 0,         -- in a row
    failing_since BIGINT,
    problem TEXT,                               -- what is wrong, as a word; NULL: nothing
    told BIGINT,                                -- when its host was mailed that it cannot be read
    well_again BIGINT,                          -- when it could be read again after that
    offers_read BIGINT NOT NULL DEFAULT 0,      -- events
    busy_read BIGINT NOT NULL DEFAULT 0,
    unreadable BIGINT NOT NULL DEFAULT 0,
    unreadable_why TEXT,                        -- of the first of them
    created BIGINT NOT NULL,
    UNIQUE (person, fingerprint)
);
CREATE INDEX sources_due ON sources (due);

-- Bookings: the only scheduling truth outside calendars ---------------------------------------------------------------

CREATE TABLE sessions (
    id BIGINT PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,                   -- of the host's event; with capacity 1 also of the guest's
    team BIGINT NOT NULL REFERENCES teams (id),
    type BIGINT NOT NULL REFERENCES session_types (id),
    host BIGINT NOT NULL REFERENCES people (id),
    starts BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    buffer_before BIGINT NOT NULL,              -- frozen at booking, seconds
    buffer_after BIGINT NOT NULL,
    capacity BIGINT NOT NULL CHECK (capacity BETWEEN 1 AND 1000),
    status TEXT NOT NULL CHECK (status IN ('open', 'cancelled')),
    sequence BIGINT NOT NULL DEFAULT 0,         -- of the host's event
    link TEXT,                                  -- NULL until the job made it
    outcome TEXT CHECK (outcome IN ('completed', 'no-show')), -- NULL: not over, or nobody has said
    space TEXT,                                 -- the meeting service's own name of the room behind the link, if it has one
    changed BIGINT NOT NULL,
    created BIGINT NOT NULL,
    CHECK (ends > starts)
);
CREATE INDEX sessions_host ON sessions (host, starts);
CREATE INDEX sessions_team ON sessions (team, starts);
CREATE INDEX sessions_ends ON sessions (ends);

-- A person's time taken by a session. The guard against overlaps is in the dialect's file.
CREATE TABLE holds (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL REFERENCES people (id),
    session BIGINT NOT NULL REFERENCES sessions (id),
    starts BIGINT NOT NULL,                     -- with the host's buffers
    ends BIGINT NOT NULL,
    UNIQUE (person, session),
    CHECK (ends > starts)
);
CREATE INDEX holds_session ON holds (session);

CREATE TABLE bookings (
    id BIGINT PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    session BIGINT NOT NULL REFERENCES sessions (id),
    guest BIGINT NOT NULL REFERENCES people (id),
    seat BIGINT,                                -- NULL when cancelled
    capacity BIGINT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('confirmed', 'pending', 'held', 'cancelling', 'cancelled')),
    expires BIGINT,                             -- of a hold that waits for confirmation or approval; when a cancellation is carried out
    cancelling_by BIGINT REFERENCES people (id), -- who may still take their cancellation back
    name TEXT NOT NULL,
    phone TEXT,
    timezone TEXT NOT NULL,
    language TEXT NOT NULL DEFAULT 'en',        -- of the page it was booked on
    agenda TEXT NOT NULL DEFAULT '',
    answers TEXT NOT NULL DEFAULT '{}',
    began BIGINT NOT NULL DEFAULT 0,            -- SEQUENCE of its first invite; above 0: it was an invitation to a slot before
    sequence BIGINT NOT NULL DEFAULT 0,         -- of the guest's event
    generation BIGINT NOT NULL DEFAULT 0,       -- raised to revoke the booking's tokens
    reason TEXT,                                -- why it was cancelled
    rejected BOOLEAN NOT NULL DEFAULT FALSE,    -- cancelled because host or lead said no, or nobody answered in time
    changed BIGINT NOT NULL,                    -- DTSTAMP and LAST-MODIFIED of the event
    created BIGINT NOT NULL,
    UNIQUE (session, seat),
    CHECK (seat BETWEEN 1 AND capacity),
    CHECK ((seat IS NULL) = (status = 'cancelled')),
    CHECK (status = 'cancelled' OR NOT rejected),
    CHECK (status <> 'pending' OR expires IS NOT NULL),
    CHECK ((status = 'cancelling') = (cancelling_by IS NOT NULL)),
    CHECK (status <> 'cancelling' OR expires IS NOT NULL)
);
CREATE INDEX bookings_guest ON bookings (guest, session);
CREATE INDEX bookings_expires ON bookings (expires);

CREATE TABLE booking_log (
    id BIGINT PRIMARY KEY,
    booking BIGINT NOT NULL REFERENCES bookings (id),
    at BIGINT NOT NULL,
    actor BIGINT,                               -- person; NULL: the server itself
    action TEXT NOT NULL,                       -- booked, confirmed, approved, rejected, rescheduled, reassigned, agenda, link, cancelled, expired, completed, ...
    detail TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX booking_log_booking ON booking_log (booking, id);

-- What a participant's calendar answered to an invite (CN-10).
CREATE TABLE attendance (
    booking BIGINT NOT NULL REFERENCES bookings (id),
    person BIGINT NOT NULL,
    answer TEXT NOT NULL,                       -- accepted, tentative, declined
    comment TEXT,
    sequence BIGINT NOT NULL,                   -- of the event that was answered
    stamp BIGINT NOT NULL,                      -- when it was answered, says the answer
    at BIGINT NOT NULL,
    PRIMARY KEY (booking, person)
);

-- Other times that participants proposed.
CREATE TABLE proposals (
    id BIGINT PRIMARY KEY,
    booking BIGINT NOT NULL REFERENCES bookings (id),
    person BIGINT NOT NULL,
    was BIGINT NOT NULL,                        -- start of the session when it was proposed; moved since: no longer open
    starts BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    comment TEXT,
    status TEXT NOT NULL CHECK (status IN ('open', 'accepted', 'declined', 'replaced')),
    created BIGINT NOT NULL,
    decided BIGINT
);
CREATE INDEX proposals_booking ON proposals (booking, id);

-- Slots that were mailed to somebody as an invitation, or booked by accepting one. One that is only shown has no row: its
-- token proves itself.
CREATE TABLE slot_invites (
    uid TEXT PRIMARY KEY,                       -- of its event; the booking's, once it is booked
    email TEXT NOT NULL,                        -- whom it is for
    type BIGINT NOT NULL REFERENCES session_types (id) ON DELETE CASCADE,
    starts BIGINT NOT NULL,
    generation BIGINT NOT NULL,                 -- tells events about the same slot apart
    sequence BIGINT NOT NULL,                   -- of the last mail about it
    timezone TEXT NOT NULL,
    language TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('sent', 'declined', 'gone', 'booked')),
    changed BIGINT NOT NULL,
    created BIGINT NOT NULL
);
CREATE INDEX slot_invites_email ON slot_invites (email, starts);
CREATE INDEX slot_invites_starts ON slot_invites (starts);

CREATE TABLE idempotency (
    route TEXT NOT NULL,
    caller TEXT NOT NULL,
    key TEXT NOT NULL,
    body BLOB NOT NULL,                         -- SHA-256 of the request
    answer TEXT NOT NULL,                       -- what was answered the first time
    created BIGINT NOT NULL,
    PRIMARY KEY (route, caller, key)
);
CREATE INDEX idempotency_created ON idempotency (created);

CREATE TABLE attempts (
    bucket TEXT NOT NULL,                       -- what is limited, and for whom (keyed hash)
    period BIGINT NOT NULL,                     -- start of the period, UTC seconds
    count BIGINT NOT NULL,
    PRIMARY KEY (bucket, period)
);

-- What leaves the server ---------------------------------------------------------------------------------------------

CREATE TABLE jobs (
    id BIGINT PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,                   -- the same consequence is queued once
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,                      -- JSON, ids only
    lane TEXT NOT NULL,                         -- jobs of one lane run one after the other, by id
    after BIGINT,                               -- waits for this job's end
    due BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    leased_until BIGINT,
    lease BIGINT,                               -- of whom: grows with each lease
    finished BIGINT,                            -- done, given up or no longer needed
    outcome TEXT,                               -- done, failed, obsolete
    error TEXT,
    created BIGINT NOT NULL                     -- from when on it could run
);
CREATE INDEX jobs_lane ON jobs (lane, id);
CREATE INDEX jobs_finished ON jobs (finished, due);
CREATE INDEX jobs_leased ON jobs (leased_until) WHERE leased_until IS NOT NULL;

-- Mail as it was composed: what a retry sends again, and what the captured-mail page shows.
CREATE TABLE mails (
    job BIGINT PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
    message_id TEXT NOT NULL UNIQUE,
    sender TEXT NOT NULL,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    bytes BLOB NOT NULL,
    composed BIGINT NOT NULL,
    sent BIGINT,                                -- accepted by the next server, or captured
    captured BOOLEAN NOT NULL DEFAULT FALSE,
    undelivered BIGINT,                         -- when a report said that it did not arrive
    undelivered_reason TEXT
);
CREATE INDEX mails_composed ON mails (composed);

-- What comes in ------------------------------------------------------------------------------------------------------

-- Each message acts once: its consequences commit with its row.
CREATE TABLE received (
    key TEXT NOT NULL,                          -- hash of Message-ID, recipient and calendar part
    verdict TEXT NOT NULL,                      -- authenticated, google, unauthenticated
    at BIGINT NOT NULL,
    message_id TEXT,
    address TEXT NOT NULL,                      -- kind of our address: robot, reply, slot, conversation, ourselves
    sender TEXT NOT NULL,                       -- From; emptied after 30 days
    brings TEXT NOT NULL,                       -- the calendar part's method in lower case, calendar, bounce, text
    outcome TEXT NOT NULL,                      -- done, refused, ignored, unknown, unreadable
    reason TEXT NOT NULL,
    PRIMARY KEY (key, verdict)
);
CREATE INDEX received_at ON received (at);

-- Requests by mail that wait for a link mailed to the address in whose name they came; forgotten when they expire.
CREATE TABLE parked (
    id BIGINT PRIMARY KEY,
    purpose TEXT NOT NULL CHECK (purpose IN ('robot', 'join', 'answer')),
    sender TEXT NOT NULL,                       -- in whose name, lower case
    name TEXT NOT NULL,                         -- what they call themselves
    recipient TEXT NOT NULL,                    -- our address it was sent to
    uid TEXT NOT NULL,                          -- of the event
    message_id TEXT,
    calendar TEXT NOT NULL,
    method TEXT,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    UNIQUE (purpose, sender, recipient, uid)
);
CREATE INDEX parked_expires ON parked (expires);

-- How far a mailbox was read (IMAP).
CREATE TABLE mailboxes (
    name TEXT PRIMARY KEY,                      -- user@host:port/mailbox
    validity BIGINT NOT NULL,                   -- UIDVALIDITY, for which the next is true
    uid BIGINT NOT NULL                         -- everything up to here is done
);
