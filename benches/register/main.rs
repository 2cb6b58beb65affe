//! Registrations a second over HTTP, durable, against what the engine does with the same rows alone, in the same run.
//!
//! `cargo bench --bench register`; on PostgreSQL too when `XINFANG_BENCH_DATABASE_URL` names a server on which databases may be made.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

/// Keep-alive HTTP/1.1 by hand: the client shares the processors with the server, so it must be cheap.
mod client;

/// The program as a child process, on a database of its own.
mod office;

/// The rows of one registration, written without the product.
mod raw;

use client::Seen;
use office::Office;
use std::time::Duration;

const WARM_UP: Duration = Duration::from_secs(1);
const MEASURED: Duration = Duration::from_secs(5);
const RAW: Duration = Duration::from_secs(3);

struct Row {
    engine: &'static str,
    clients: usize,
    served: Seen,
    cpu: Duration,
    group: f64,
    limit: f64,
    limit_cpu: Duration,
    wanted: f64,
}

fn main() {
    println!("{}", machine());
    let mut rows = vec![on_sqlite()];
    if let Ok(server) = std::env::var("XINFANG_BENCH_DATABASE_URL") {
        rows.push(on_postgres(&server));
    }
    println!(
        "| engine | connections | registrations/s | p50 ms | p99 ms | not 201 | group | raw/s | ratio | wanted | server CPU µs each | raw CPU µs each |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|");
    for row in rows {
        let rate = row.served.rate();
        println!(
            "| {} | {} | {rate:.0} | {:.1} | {:.1} | {} | {:.1} | {:.0} | {:.0} % | {:.0} % | {:.0} | {:.0} |",
            row.engine,
            row.clients,
            row.served.percentile(50) * 1e3,
            row.served.percentile(99) * 1e3,
            row.served.failed,
            row.group,
            row.limit,
            100.0 * rate / row.limit,
            row.wanted,
            row.cpu.as_secs_f64() * 1e6 / row.served.done() as f64,
            row.limit_cpu.as_secs_f64() * 1e6 / (row.limit * RAW.as_secs_f64()),
        );
    }
}

fn on_sqlite() -> Row {
    let clients = 128;
    let office = Office::on_sqlite();
    let template = office.copy();
    let server = office.serve();
    let token = server.sign_in();
    client::register(server.address, &token, clients, WARM_UP);
    let (groups, cpu) = (server.groups(), server.cpu());
    let served = client::register(server.address, &token, clients, MEASURED);
    let (cpu, group) = (server.cpu() - cpu, server.groups().mean_since(&groups));
    server.stop();
    let sample = raw::sample_sqlite(&office.file());
    let (limit, limit_cpu) = raw::sqlite(&template, &sample, group.round().max(1.0) as usize, RAW);
    Row { engine: "SQLite", clients, served, cpu, group, limit, limit_cpu, wanted: 35.0 }
}

fn on_postgres(server_url: &str) -> Row {
    let clients = 32;
    let office = Office::on_postgres(server_url);
    let server = office.serve();
    let token = server.sign_in();
    client::register(server.address, &token, clients, WARM_UP);
    let cpu = server.cpu();
    let served = client::register(server.address, &token, clients, MEASURED);
    let cpu = server.cpu() - cpu;
    server.stop();
    let (limit, limit_cpu) = raw::postgres(&office.url, clients, RAW);
    Row { engine: "PostgreSQL", clients, served, cpu, group: 1.0, limit, limit_cpu, wanted: 60.0 }
}

/// What the figures were seen on.
fn machine() -> String {
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    let model = read("/proc/cpuinfo").lines().find_map(|l| l.strip_prefix("model name\t: ").map(str::to_owned)).unwrap_or_default();
    let memory =
        read("/proc/meminfo").lines().next().and_then(|l| l.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or(0) / 1024 / 1024;
    let load = read("/proc/loadavg").split_whitespace().take(3).collect::<Vec<_>>().join(" ");
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    format!(
        "{processors} × {model}, {memory} GiB, load average before the run {load}; {:.0} fsync/s of 8 KiB in the folder used",
        office::flushes()
    )
}
