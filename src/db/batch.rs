//! Several writing statements that go to the database together.

use super::Value;

/// INSERT, UPDATE and DELETE statements over one list of values, for [`Tx::batch`](super::Tx::batch).
#[derive(Debug, Default)]
pub struct Batch {
    statements: Vec<String>,
    pub(super) args: Vec<Value>,
    /// The text will hardly come again: not worth keeping prepared.
    pub(super) once: bool,
}

impl Batch {
    /// Nothing to do yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value; the placeholder that stands for it in every statement of the batch.
    pub fn arg(&mut self, value: impl Into<Value>) -> String {
        self.args.push(value.into());
        format!("${}", self.args.len())
    }

    /// Adds a statement without RETURNING.
    pub fn push(&mut self, statement: impl Into<String>) {
        self.statements.push(statement.into());
    }

    /// Says that this text will hardly come again, so that nobody keeps it prepared.
    pub fn once(&mut self) {
        self.once = true;
    }

    pub(super) fn one_after_the_other(&self) -> String {
        self.statements.join(";\n")
    }

    /// The last statement with all others as data-modifying parts of its WITH.
    pub(super) fn as_one_statement(&self) -> String {
        let Some((last, others)) = self.statements.split_last() else { return "SELECT 1".into() };
        let parts: Vec<String> =
            others.iter().enumerate().map(|(n, part)| format!("part{n} AS ({part} RETURNING 1)")).collect();
        if parts.is_empty() { last.clone() } else { format!("WITH {}\n{last}", parts.join(",\n")) }
    }
}
