//! What may be written on the command line.

use clap::{Parser, Subcommand, ValueEnum};

use super::rule_flags::{Rule, RuleFlags, cap, rule};
use super::values::{email, label, name, reason, slug, timezone};
use crate::config::{database, duration};
use crate::teams::{BookingMode, PhoneWish, PlaceKind, Policy};

/// Openhour turns the calendar people already use into a booking system.
#[derive(Parser)]
#[command(name = "openhour", version, disable_help_subcommand = true)]
pub(super) struct Arguments {
    /// Print JSON, for scripts
    #[arg(long, global = true)]
    pub(super) json: bool,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// Start the server
    Serve {
        /// With a sample team, and captured mail in the browser
        #[arg(long)]
        demo: bool,
    },
    /// People
    Person {
        #[command(subcommand)]
        command: PersonCommand,
    },
    /// Make an app password for a calendar app; it is printed once, alone on the last line
    AppPassword {
        #[arg(value_parser = email)]
        email: String,
        /// What it is for
        #[arg(long, default_value = "calendar app", value_parser = label)]
        label: String,
    },
    /// Make a token for the API; it is printed once, alone on the last line
    ApiToken {
        #[arg(value_parser = email)]
        email: String,
        /// What it is for
        #[arg(long, default_value = "script", value_parser = label)]
        label: String,
    },
    /// Make a link that signs in once, within ten minutes; printed alone on the last line
    SignInLink {
        #[arg(value_parser = email)]
        email: String,
    },
    /// Print the secret address of a person's own feed, alone on the last line
    FeedUrl {
        #[arg(value_parser = email)]
        email: String,
        /// open: slots of their teams; sessions: what they have booked or host
        kind: Feed,
        /// Make new addresses for both feeds; the old ones end
        #[arg(long)]
        rotate: bool,
    },
    /// Calendars by secret address
    Calendar {
        #[command(subcommand)]
        command: CalendarCommand,
    },
    /// The hours a host offers every week, and single days that are different
    Hours {
        #[command(subcommand)]
        command: HoursCommand,
    },
    /// Set a host's own rules, and print them
    Rules(Box<GivenRules>),
    /// Teams
    Team {
        #[command(subcommand)]
        command: TeamCommand,
    },
    /// Session types
    SessionType {
        #[command(subcommand)]
        command: SessionTypeCommand,
    },
    /// Take one mail message from standard input; exit status 0: taken, 75: bring it again later
    Deliver(super::deliver::Given),
    /// Rebuild the occurrence index from the calendars
    Reindex,
    /// Verify every invariant of the database and print what is wrong
    Check,
    /// Copy the database to a new file while the server runs
    Backup { file: std::path::PathBuf },
    /// What a restored backup must forget again
    Erasures {
        #[command(subcommand)]
        command: ErasuresCommand,
    },
    /// Write everything about a person into a ZIP file (JSON, and calendars as iCalendar), or the whole installation
    /// into a file of JSON lines
    Export {
        /// Whose data; left out: everything there is
        #[arg(value_parser = email)]
        email: Option<String>,
        /// A new file; for a person otherwise EMAIL.zip
        #[arg(long, value_name = "FILE")]
        to: Option<std::path::PathBuf>,
    },
    /// Read the whole of another installation from a file that `export` wrote, into an empty database of either kind
    Import { file: std::path::PathBuf },
    /// Copy the whole installation into another, empty database, while no server runs
    MigrateTo {
        /// sqlite:FILE or postgres://...
        #[arg(value_parser = database)]
        url: crate::db::Target,
    },
    /// Print the OpenAPI document of the JSON API
    Openapi,
    /// Print the DNS record with which others verify our mail, alone on the last line
    DkimRecord,
    /// Ask the running server whether it is well
    Healthcheck,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Feed {
    /// Open slots of the person's teams
    Open,
    /// The person's sessions
    Sessions,
}

#[derive(Subcommand)]
pub(super) enum PersonCommand {
    /// Add a person, or change what is given
    Add {
        #[arg(value_parser = email)]
        email: String,
        #[arg(long, value_parser = name)]
        name: Option<String>,
        /// Such as Europe/London
        #[arg(long, value_parser = timezone)]
        timezone: Option<String>,
        /// May do everything
        #[arg(long)]
        admin: bool,
        /// Offers time in this team
        #[arg(long, value_name = "TEAM", value_parser = slug)]
        host: Vec<String>,
        /// Looks after this team
        #[arg(long, value_name = "TEAM", value_parser = slug)]
        lead: Vec<String>,
        /// Takes time of this team
        #[arg(long, value_name = "TEAM", value_parser = slug)]
        guest: Vec<String>,
    },
    /// Let nobody with this address do anything any more; sessions ahead are cancelled
    Ban(Measured),
    /// Lift a ban
    Unban(Measured),
    /// Cancel what a person has ahead, and take their calendars, memberships and personal data away
    Remove(Measured),
}

#[derive(Subcommand)]
pub(super) enum CalendarCommand {
    /// Add a host's calendar and read it; `-` takes the address from standard input
    Add {
        #[arg(value_parser = email)]
        email: String,
        /// Its secret address, https://... or webcal://...
        url: String,
        /// Take busy times only, no offers
        #[arg(long)]
        busy_only: bool,
    },
    /// List a host's calendars by address, with how reading them goes
    List {
        #[arg(value_parser = email)]
        email: String,
    },
    /// Read one at once
    Check {
        #[arg(value_parser = email)]
        email: String,
        /// As `list` shows it
        id: i64,
    },
    /// Remove one, with all that was read from it
    Remove {
        #[arg(value_parser = email)]
        email: String,
        /// As `list` shows it
        id: i64,
    },
}

/// Whom a measure concerns, and why.
#[derive(clap::Args)]
pub(super) struct Measured {
    #[arg(value_parser = email)]
    pub(super) email: String,
    /// Mailed to everybody whose session is cancelled
    #[arg(long, default_value = "", value_parser = reason)]
    pub(super) reason: String,
}

#[derive(Subcommand)]
pub(super) enum TeamCommand {
    /// Add a team, or change what is given
    Add(Box<GivenTeam>),
    /// Print every team, one a line
    List,
}

#[derive(Subcommand)]
pub(super) enum HoursCommand {
    /// Print the hours a host offers every week, and the days that are different
    Show {
        #[arg(value_parser = email)]
        email: String,
    },
    /// Set them; a day left out stays as it is
    Set(Box<GivenHours>),
    /// Give a single day other hours
    Day {
        #[arg(value_parser = email)]
        email: String,
        /// Such as 2026-12-24
        date: String,
        /// Such as "10:00-12:00"; "" for none
        #[arg(required_unless_present = "usual")]
        hours: Option<String>,
        /// As in every other week
        #[arg(long, conflicts_with = "hours")]
        usual: bool,
    },
}

/// The hours of a week: `"09:00-12:00, 13:00-17:00"`, or `""` for none.
#[derive(clap::Args)]
pub(super) struct GivenHours {
    #[arg(value_parser = email)]
    pub(super) email: String,
    /// Such as "09:00-12:00, 13:00-17:00"; "" for none
    #[arg(long, value_name = "HOURS")]
    pub(super) monday: Option<String>,
    /// The same
    #[arg(long, value_name = "HOURS")]
    pub(super) tuesday: Option<String>,
    /// The same
    #[arg(long, value_name = "HOURS")]
    pub(super) wednesday: Option<String>,
    /// The same
    #[arg(long, value_name = "HOURS")]
    pub(super) thursday: Option<String>,
    /// The same
    #[arg(long, value_name = "HOURS")]
    pub(super) friday: Option<String>,
    /// The same
    #[arg(long, value_name = "HOURS")]
    pub(super) saturday: Option<String>,
    /// The same
    #[arg(long, value_name = "HOURS")]
    pub(super) sunday: Option<String>,
}

/// A host's own rules; a flag left out changes nothing, `none` unsets a rule.
#[derive(clap::Args)]
pub(super) struct GivenRules {
    #[arg(value_parser = email)]
    pub(super) email: String,
    #[command(flatten)]
    pub(super) rules: RuleFlags,
    /// Most sessions a day
    #[arg(long, value_name = "NUMBER|none", value_parser = cap)]
    pub(super) max_per_day: Option<Rule>,
    /// Most sessions a week
    #[arg(long, value_name = "NUMBER|none", value_parser = cap)]
    pub(super) max_per_week: Option<Rule>,
}

#[derive(Subcommand)]
pub(super) enum ErasuresCommand {
    /// Print who was removed when, by number alone; to be kept where backups are not
    List,
    /// Remove once more whoever is back after a restore; FILE is what `list` printed, or the data folder's `erasures`
    Replay { file: std::path::PathBuf },
}

/// What is given of a team; a flag left out changes nothing, `none` unsets a rule.
#[derive(clap::Args)]
pub(super) struct GivenTeam {
    #[arg(value_parser = slug)]
    pub(super) slug: String,
    #[arg(long, value_parser = name)]
    pub(super) name: String,
    /// For its page
    #[arg(long)]
    pub(super) description: Option<String>,
    /// Such as Europe/London; UTC if never given
    #[arg(long, value_parser = timezone)]
    pub(super) timezone: Option<String>,
    /// Whether anyone may see the open slots; no if never given
    #[arg(long, value_name = "true|false", num_args = 0..=1, default_missing_value = "true")]
    pub(super) public: Option<bool>,
    /// Whether anybody finds it; yes if never given
    #[arg(long, value_name = "true|false")]
    pub(super) active: Option<bool>,
    /// Who may book: anyone, confirm (anyone, by a mailed link) or members
    #[arg(long)]
    pub(super) booking: Option<BookingMode>,
    /// Whether hosts are named before a time is booked; no if never given
    #[arg(long, value_name = "true|false")]
    pub(super) show_hosts: Option<bool>,
    /// Who gets a pooled booking: least-busy, round-robin, weighted (by priority) or first-listed (the highest priority)
    #[arg(long)]
    pub(super) policy: Option<Policy>,
    /// Whether leads get a copy of what hosts are told
    #[arg(long, value_name = "true|false")]
    pub(super) notify_leads: Option<bool>,
    /// Whether administrators get a copy of what hosts are told
    #[arg(long, value_name = "true|false")]
    pub(super) notify_admins: Option<bool>,
    /// Whether strangers who invite the robot may become hosts by a mailed link
    #[arg(long, value_name = "true|false", num_args = 0..=1, default_missing_value = "true")]
    pub(super) hosts_join: Option<bool>,
    /// Sites that may show its open times in a frame, such as https://www.example.org; an empty text: none
    #[arg(long, value_name = "SITE,...", value_delimiter = ',')]
    pub(super) embed_on: Option<Vec<String>>,
    #[command(flatten)]
    pub(super) rules: RuleFlags,
    /// Most sessions a day in the whole team
    #[arg(long, value_name = "NUMBER|none", value_parser = cap)]
    pub(super) daily_cap: Option<Rule>,
}

#[derive(Subcommand)]
pub(super) enum SessionTypeCommand {
    /// Add a session type, or change what is given
    Add(Box<GivenType>),
    /// Print every session type of a team, one a line
    List {
        #[arg(value_parser = slug)]
        team: String,
    },
}

/// What is given of a session type; a flag left out changes nothing, `none` unsets a rule.
#[derive(clap::Args)]
pub(super) struct GivenType {
    #[arg(value_parser = slug)]
    pub(super) team: String,
    #[arg(value_parser = slug)]
    pub(super) slug: String,
    #[arg(long, value_parser = name)]
    pub(super) name: String,
    #[arg(long, value_parser = clap::value_parser!(i64).range(1..=1440))]
    pub(super) minutes: i64,
    /// For its page
    #[arg(long)]
    pub(super) description: Option<String>,
    /// Distance of starts, such as 30m; one after the other if never given
    #[arg(long, value_name = "DURATION|none", value_parser = rule)]
    pub(super) step: Option<Rule>,
    /// Guests at one start
    #[arg(long, value_parser = clap::value_parser!(i64).range(1..=1000))]
    pub(super) capacity: Option<i64>,
    #[command(flatten)]
    pub(super) rules: RuleFlags,
    /// Whether it can be booked; yes if never given
    #[arg(long, value_name = "true|false")]
    pub(super) active: Option<bool>,
    /// Whether only members of the team see and book it
    #[arg(long, value_name = "true|false")]
    pub(super) internal: Option<bool>,
    /// Whether a booking waits until the host or a lead says yes
    #[arg(long, value_name = "true|false")]
    pub(super) approval: Option<bool>,
    /// Where people meet: online, phone, address or custom
    #[arg(long)]
    pub(super) place: Option<PlaceKind>,
    /// The number, address or words for it
    #[arg(long)]
    pub(super) place_detail: Option<String>,
    /// Such as #0d655b
    #[arg(long)]
    pub(super) color: Option<String>,
    /// Whether the form asks for a telephone number: off, optional or required
    #[arg(long)]
    pub(super) phone: Option<PhoneWish>,
    /// What the form asks besides, as JSON
    #[arg(long)]
    pub(super) questions: Option<String>,
    /// When reminders go out before the start, such as 24h,1h
    #[arg(long, value_delimiter = ',', value_parser = duration)]
    pub(super) reminders: Option<Vec<i64>>,
    /// Its place among the team's types, 0 first
    #[arg(long)]
    pub(super) position: Option<i64>,
}
