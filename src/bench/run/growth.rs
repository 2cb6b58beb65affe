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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::report::Load;
    use super::*;

    fn run(engine: &str, petitions: i64, rates: &[(&str, f64)]) -> Report {
        let tally = super::super::tally::Tally::new().unwrap();
        let row = |(work, rate): &(&str, f64)| {
            let closed = Load { per_second: *rate, calls: 1, ..Load::of(&tally, 32, None, None) };
            let open = Load { due_per_second: Some(7.0), per_second: 7.0, ..closed.clone() };
            [Row::load(work, open), Row::load(work, closed).constant()]
        };
        Report {
            format: 1,
            version: String::new(),
            debug: false,
            began_at: chrono::DateTime::UNIX_EPOCH,
            engine: engine.to_owned(),
            settings: BTreeMap::new(),
            petitions,
            added: 0,
            seconds: 1.0,
            machine: super::super::machine::Machine::default(),
            rows: rates.iter().flat_map(row).collect(),
            notes: Vec::new(),
        }
    }

    #[test]
    fn time_at_the_largest_by_time_at_the_smallest() {
        let reports = [
            run("SQLite 3", 1_000_000, &[("read", 1000.0), ("list", 500.0)]),
            run("SQLite 3", 10_000, &[("read", 1250.0), ("list", 1000.0), ("new", 1.0)]),
            run("SQLite 3", 100_000, &[("read", 1100.0), ("list", 800.0)]),
            run("PostgreSQL 15", 10_000, &[("read", 100.0)]),
            run("PostgreSQL 15", 20_000, &[("read", 100.0)]),
        ];
        let all = growth(&reports).unwrap();
        let ratios: Vec<(&str, &str, f64)> = all.iter().map(|g| (g.engine.as_str(), g.work.as_str(), g.ratio())).collect();
        assert_eq!(ratios, [("PostgreSQL", "read", 1.0), ("SQLite", "read", 1.25), ("SQLite", "list", 2.0)]);
        assert_eq!(all[1].times, [(10_000, 0.8), (100_000, 1e3 / 1100.0), (1_000_000, 1.0)]);
        let table = table(&all);
        assert!(table.contains("| read | SQLite | 10000: 0.800, 100000: 0.909, 1000000: 1.00 | 1.25 | ≤ 1.3: reached |"), "{table}");
        assert!(
            table.contains("| list | SQLite | 10000: 1.00, 100000: 1.25, 1000000: 2.00 | 2.00 | ≤ 1.3: **missed by 53.8 %** |"),
            "{table}"
        );
    }

    #[test]
    fn one_size_does_not_grow() {
        let one = |petitions| run("SQLite 3", petitions, &[("read", 1.0)]);
        assert!(growth(&[one(10), one(10)]).is_err());
        assert!(growth(&[one(10), run("PostgreSQL 15", 20, &[("read", 1.0)])]).is_err());
        assert!(growth(&[one(10), run("SQLite 3", 20, &[("list", 1.0)])]).is_err());
    }
}
