//! What was read of a file: its good rows, and what is wrong with the others.

use super::service::LISTED;
use super::table::Columns;
use crate::platform::error::{Code, Error, Fault, Result};
use serde::Serialize;

/// A fault of a row; none for the row as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct RowFault {
    /// Its line.
    pub line: u32,
    /// The column.
    pub column: Option<String>,
    /// What is wrong.
    pub code: Code,
    /// What fills the sentence.
    pub args: Vec<String>,
}

/// What was read.
#[derive(Debug)]
pub struct Reading {
    /// The good rows in parts, as JSON.
    pub parts: Vec<Vec<u8>>,
    /// How many there are.
    pub good: i64,
    /// What is wrong with the others, as far as it is listed.
    pub faults: Vec<RowFault>,
    /// How much is wrong with them in all.
    pub faults_total: i64,
    /// How many others.
    pub faulty: i64,
    /// How many of them say of somebody what another row says.
    pub doubles: i64,
    /// The columns.
    pub columns: Columns,
    /// Rows of a part.
    rows_of_part: i64,
}

impl Reading {
    /// Nothing yet, of a file with these columns.
    pub fn of(columns: Columns, rows_of_part: i64) -> Self {
        Self { parts: Vec::new(), good: 0, faults: Vec::new(), faults_total: 0, faulty: 0, doubles: 0, columns, rows_of_part }
    }

    /// Keeps a good row: as text, for that takes the least room.
    ///
    /// # Errors
    /// Internal only.
    pub fn keep(&mut self, row: &impl Serialize) -> Result<()> {
        let begins = self.good % self.rows_of_part == 0;
        if begins {
            self.end();
            self.parts.push(Vec::new());
        }
        if let Some(part) = self.parts.last_mut() {
            part.push(if begins { b'[' } else { b',' });
            serde_json::to_writer(part, row).map_err(|e| Error::Internal(Box::new(e)))?;
        }
        self.good += 1;
        Ok(())
    }

    /// Ends the last part.
    pub fn end(&mut self) {
        if let Some(part) = self.parts.last_mut() {
            part.push(b']');
            part.shrink_to_fit();
        }
    }

    /// Keeps a row out for what is wrong with it, by column.
    pub fn refuse(&mut self, line: u32, faults: Vec<(Option<&'static str>, Fault)>) {
        self.faulty += 1;
        for (column, fault) in faults {
            self.faults_total += 1;
            if self.faults_total <= LISTED {
                let column = column.and_then(|column| self.columns.called.get(column).cloned());
                self.faults.push(RowFault { line, column, code: fault.code, args: fault.args });
            }
        }
    }
}
