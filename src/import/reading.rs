//! What was read of a file: its good rows, and what is wrong with the others.

use super::table::Columns;
use crate::platform::error::{Code, Fault};

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
pub struct Reading<R> {
    /// The good rows.
    pub rows: Vec<R>,
    /// What is wrong with the others.
    pub faults: Vec<RowFault>,
    /// How many others.
    pub faulty: i64,
    /// How many of them say of somebody what another row says.
    pub doubles: i64,
    /// The columns.
    pub columns: Columns,
}

impl<R> Reading<R> {
    /// Nothing yet, of a file with these columns.
    pub fn of(columns: Columns) -> Self {
        Self { rows: Vec::new(), faults: Vec::new(), faulty: 0, doubles: 0, columns }
    }

    /// Keeps a row out for what is wrong with it, by column.
    pub fn refuse(&mut self, line: u32, faults: Vec<(Option<&'static str>, Fault)>) {
        self.faulty += 1;
        let called = |column: &str| self.columns.called.get(column).cloned();
        let told = |(column, fault): (Option<&'static str>, Fault)| RowFault {
            line,
            column: column.and_then(called),
            code: fault.code,
            args: fault.args,
        };
        self.faults.extend(faults.into_iter().map(told));
    }
}
