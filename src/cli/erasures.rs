//! `openhour erasures list` and `openhour erasures replay FILE`: what a restored backup must forget again.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::arguments::ErasuresCommand;
use super::{Failure, print};
use crate::desk::{Desk, erasures};

pub(super) async fn erasures(desk: &Desk, command: ErasuresCommand, as_json: bool) -> Result<ExitCode, Failure> {
    match command {
        ErasuresCommand::List => {
            let known = erasures::known(&mut desk.db.read().await?).await?;
            let lines: Vec<String> = known.iter().map(erasures::Done::line).collect();
            let value: Vec<Value> = lines.iter().map(|line| json!(line)).collect();
            if as_json || !lines.is_empty() {
                print(as_json, &Value::Array(value), &lines.join("\n"));
            }
        }
        ErasuresCommand::Replay { file } => {
            if !file.is_file() {
                return Err(Failure::new(format!("there is no file {}", file.display())));
            }
            let people = erasures::replay(desk, &erasures::read(&file)?).await?;
            let text = match people {
                0 => "nobody was back".to_owned(),
                1 => "1 person was removed or banned again".to_owned(),
                more => format!("{more} people were removed or banned again"),
            };
            print(as_json, &json!({ "people": people }), &text);
        }
    }
    Ok(ExitCode::SUCCESS)
}
