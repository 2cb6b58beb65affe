//! What the figures were seen on.

use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

/// A machine as it was when the run began. What can't be told is empty or null.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Machine {
    /// The processor's name.
    pub processor: String,
    /// Processors this program may use.
    pub processors: usize,
    /// Memory, in GiB.
    pub memory_gib: f64,
    /// The kernel's version.
    pub kernel: String,
    /// Load average of the last minute, before the run.
    pub load_before: Option<f64>,
    /// Flushes of 8 KiB a second in the folder of the database; null when it is another program's.
    pub flushes_per_second: Option<f64>,
}

impl Machine {
    /// This one; `folder` is where the database is, if that can be told.
    pub fn here(folder: Option<&Path>) -> Self {
        let read = |path| std::fs::read_to_string(path).unwrap_or_default();
        let processor = read("/proc/cpuinfo").lines().find_map(|l| Some(l.strip_prefix("model name")?.split_once(": ")?.1.to_owned()));
        let kib = read("/proc/meminfo").lines().next().and_then(|l| l.split_whitespace().nth(1)?.parse::<f64>().ok());
        Self {
            processor: processor.unwrap_or_default(),
            processors: std::thread::available_parallelism().map_or(0, usize::from),
            memory_gib: kib.unwrap_or(0.0) / 1024.0 / 1024.0,
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
            load_before: read("/proc/loadavg").split_whitespace().next().and_then(|l| l.parse().ok()),
            flushes_per_second: folder.and_then(flushes),
        }
    }
}

fn flushes(folder: &Path) -> Option<f64> {
    let folder = tempfile::TempDir::new_in(folder).ok()?;
    let mut file = File::create(folder.path().join("flush")).ok()?;
    let (began, mut n) = (Instant::now(), 0);
    while began.elapsed() < Duration::from_millis(500) {
        file.write_all(&[7; 8192]).ok()?;
        file.sync_data().ok()?;
        n += 1;
    }
    Some(f64::from(n) / began.elapsed().as_secs_f64())
}
