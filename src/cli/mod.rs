//! The command line: every command works beside a running server.
//!
//! Exit status 0: done; 1: failed, with the reason on standard error; 2: wrong usage.

mod arguments;
mod backup;
mod calendars;
mod check;
mod copy;
mod deliver;
mod demo;
mod demo_story;
mod dkim;
mod erasures;
mod export;
mod hosting;
mod identify;
mod people;
mod reindex;
mod rule_flags;
mod serve;
mod teams;
mod values;

use std::process::ExitCode;

use clap::Parser;

use crate::clock::Clock;
use crate::config::{self, Config};
use crate::db::Db;
use crate::desk::Desk;
use crate::keys::Keys;
use arguments::{Arguments, Command};

/// Why a command failed: a sentence for the person at the terminal.
#[derive(Debug)]
pub struct Failure(String);

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            let cause_text = cause.to_string();
            if !text.contains(&cause_text) {
                text.push_str(": ");
                text.push_str(&cause_text);
            }
            source = cause.source();
        }
        Self(text)
    }
}

impl Failure {
    /// A failure with this sentence.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

/// Parses the arguments, runs the command, answers with the exit status.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&Failure::from(error)),
    };
    match runtime.block_on(run(arguments)) {
        Ok(code) => code,
        Err(failure) => failed(&failure),
    }
}

fn failed(failure: &Failure) -> ExitCode {
    eprintln!("openhour: {}", failure.0);
    ExitCode::FAILURE
}

async fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let json = arguments.json;
    if let Command::Openapi = arguments.command {
        let config = config::load(std::env::vars())?;
        println!("{}", crate::api::openapi::document(&config.public_url));
        return Ok(ExitCode::SUCCESS);
    }
    if let Command::Deliver(given) = arguments.command {
        return Ok(deliver::deliver(config::load(std::env::vars()), given).await);
    }
    let config = config::load(std::env::vars())?;
    if let Command::Serve { demo } = arguments.command {
        serve::serve(config, demo).await?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Command::DkimRecord = arguments.command {
        return dkim::record(&config, json);
    }
    if let Command::Healthcheck = arguments.command {
        return serve::healthcheck(&config).await;
    }
    let desk = open(config, Clock::system()).await?;
    let code = match arguments.command {
        Command::Person { command } => people::person(&desk, command, json).await,
        Command::AppPassword { email, label } => identify::app_password(&desk, &email, &label, json).await,
        Command::ApiToken { email, label } => identify::api_token(&desk, &email, &label, json).await,
        Command::SignInLink { email } => identify::sign_in_link(&desk, &email, json).await,
        Command::FeedUrl { email, kind, rotate } => identify::feed_url(&desk, &email, kind, rotate, json).await,
        Command::Calendar { command } => calendars::calendar(&desk, command, json).await,
        Command::Hours { command } => hosting::hours(&desk, command, json).await,
        Command::Rules(given) => hosting::rules(&desk, *given, json).await,
        Command::Team { command } => teams::team(&desk, command, json).await,
        Command::SessionType { command } => teams::session_type(&desk, command, json).await,
        Command::Reindex => reindex::reindex(&desk, json).await,
        Command::Check => check::check(&desk, json).await,
        Command::Export { email: Some(email), to } => export::person(&desk, &email, to.as_deref(), json).await,
        Command::Export { email: None, to: Some(file) } => copy::export(&desk, &file, json).await,
        Command::Export { email: None, to: None } => Err(Failure::new("name a person, or a file with --to FILE")),
        Command::MigrateTo { url } => copy::migrate(&desk, &url, json).await,
        Command::Import { file } => copy::import(&desk, &file, json).await,
        Command::Erasures { command } => erasures::erasures(&desk, command, json).await,
        Command::Backup { file } => backup::backup(&desk, &file, json).await,
        Command::Serve { .. } | Command::Openapi | Command::Healthcheck | Command::DkimRecord | Command::Deliver(_) => {
            Ok(ExitCode::SUCCESS)
        }
    };
    desk.db.close().await;
    code
}

/// Opens the installation: data folder, key, database.
async fn open(config: Config, clock: Clock) -> Result<Desk, Failure> {
    std::fs::create_dir_all(&config.data_dir).map_err(|error| {
        Failure::new(format!("the data folder {} cannot be made: {error}", config.data_dir.display()))
    })?;
    let keys = Keys::open(&config.secret_key_file)
        .map_err(|error| Failure::new(format!("secret_key_file {}: {error}", config.secret_key_file.display())))?;
    let db = Db::open(&config.database).await?;
    Ok(Desk::new(db, clock, config, keys))
}

/// Prints a result: as JSON where a script asked for it, else as the given lines.
fn print(json: bool, value: &serde_json::Value, text: &str) {
    if json {
        println!("{value}");
    } else {
        println!("{text}");
    }
}
