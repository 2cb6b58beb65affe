//! Whether time grows with the number of petitions: the same work in runs on databases of several sizes.

use super::report::{Report, Row, Wanted, short};
use std::collections::BTreeMap;

/// Time at the largest ÷ time at the smallest, at most, for what must not grow.
const CONSTANT: Wanted = Wanted::AtMost(1.3);

/// How the time of one piece of work grew on one engine.
#[derive(Debug, Clone, PartialEq)]
pub struct Growth {
    /// The engine.
    pub engine: String,
    /// The work.
    pub work: String,
    /// Petitions and milliseconds of work for a call, smallest first.
    pub times: Vec<(i64, f64)>,
    /// What is wanted.
    pub wanted: Option<Wanted>,
}

impl Growth {
    /// Time at the largest ÷ time at the smallest.
    pub fn ratio(&self) -> f64 {
        match (self.times.first(), self.times.last()) {
            (Some((_, small)), Some((_, large))) => large / small,
            _ => f64::NAN,
        }
    }
}

/// What grew how, from runs on databases of at least two sizes: 1 ÷ rate in the closed loop, work found in all of an engine's runs.
///
/// # Errors
/// In words, when there is nothing to compare.
pub fn growth(reports: &[Report]) -> Result<Vec<Growth>, String> {
    let mut runs: BTreeMap<&str, Vec<&Report>> = BTreeMap::new();
    for report in reports {
        runs.entry(report.engine.split(' ').next().unwrap_or_default()).or_default().push(report);
    }
    let mut all = Vec::new();
    for (engine, mut of_engine) in runs {
        of_engine.sort_by_key(|report| report.petitions);
        let sizes = of_engine.iter().map(|report| report.petitions).collect::<std::collections::BTreeSet<_>>().len();
        if sizes < 2 || sizes < of_engine.len() {
            return Err(format!("growth needs runs on databases of different sizes, at least two an engine; {engine} has {sizes}"));
        }
        let rate = |report: &Report, work: &str| {
            let mut loads = report.rows.iter().filter(|row| row.work == work).filter_map(|row| row.load.as_ref());
            loads.find(|load| load.due_per_second.is_none() && load.calls > 0).map(|load| load.per_second)
        };
        let closed = |row: &&Row| row.load.as_ref().is_some_and(|load| load.due_per_second.is_none());
        for row in of_engine[0].rows.iter().filter(closed) {
            let times = of_engine.iter().map(|report| Some((report.petitions, 1e3 / rate(report, &row.work)?))).collect::<Option<Vec<_>>>();
            if let Some(times) = times {
                all.push(Growth { engine: engine.to_owned(), work: row.work.clone(), times, wanted: row.constant.then_some(CONSTANT) });
            }
        }
    }
    if all.is_empty() { Err("these runs have no work in common".to_owned()) } else { Ok(all) }
}

/// As a Markdown table.
pub fn table(all: &[Growth]) -> String {
    let mut out =
        String::from("| work | engine | ms of work a call, by petitions | largest ÷ smallest | wanted |\n|---|---|---|--:|---|\n");
    for growth in all {
        let times: Vec<String> = growth.times.iter().map(|(petitions, ms)| format!("{petitions}: {}", short(*ms))).collect();
        let wanted = match growth.wanted {
            None => "–".to_owned(),
            Some(Wanted::AtMost(most)) if growth.ratio() <= most => format!("≤ {most}: reached"),
            Some(wanted @ (Wanted::AtMost(most) | Wanted::AtLeast(most))) => {
                format!("≤ {most}: **missed by {} %**", short(wanted.missed_by(growth.ratio())))
            }
        };
        out.push_str(&format!("| {} | {} | {} | {} | {wanted} |\n", growth.work, growth.engine, times.join(", "), short(growth.ratio())));
    }
    out
}
