use super::load::{Load, Outcome};
use super::office::{Place, rounds};
use super::remains;
use super::starting::refused;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// A small disk of its own; needs the right to mount one.
pub struct Disk(TempDir);

impl Disk {
    pub fn of(megabytes: u32) -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs"]).arg(folder.path()).output();
        match mounted {
            Ok(output) if output.status.success() => Some(Self(folder)),
            Ok(output) => {
                println!("skipped: no disk to fill: {}", String::from_utf8_lossy(&output.stderr));
                None
            }
            Err(e) => {
                println!("skipped: no disk to fill: {e}");
                None
            }
        }
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    fn remount(&self, option: &str) {
        let done = Command::new("mount").args(["-o", &format!("remount,{option}")]).arg(self.path()).status().unwrap();
        assert!(done.success());
    }
}

impl Disk {
    /// Leaves only so many bytes free.
    fn fill(&self, left: usize) {
        let output = Command::new("df").args(["--output=avail", "-B1"]).arg(self.path()).output().unwrap();
        let free: usize = String::from_utf8(output.stdout).unwrap().lines().nth(1).unwrap().trim().parse().unwrap();
        std::fs::write(self.path().join("ballast"), vec![1; free.saturating_sub(left)]).unwrap();
    }

    fn empty(&self) {
        std::fs::remove_file(self.path().join("ballast")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

/// Every 503 is absent, every 201 present, and once there is room the server goes on by itself; killed without room, it comes back.
#[tokio::test]
async fn full_in_the_middle_of_load() {
    let Some(disk) = Disk::of(48) else { return };
    let place = Place::on_disk(Some(disk.path()));
    let mut server = place.open_office();
    let token = server.sign_in("desk").await;
    let mut all = Outcome::default();
    for round in 0..rounds().min(16) {
        disk.fill(1 << 20);
        let load = Load::start(&server, &token, 24);
        load.until("no room", |o| o.refused.len() >= 100).await;
        if round % 2 == 0 {
            disk.empty();
            let (before, ..) = load.counts();
            load.until("recovery", |o| o.acknowledged.len() >= before + 50).await;
            let outcome = load.stop().await;
            assert!(outcome.unknown.is_empty(), "a full disk cuts no connection");
            all.add(outcome);
        } else {
            server.kill();
            all.add(load.stop().await);
            disk.empty();
            server = place.serve();
        }
        remains::replay(&server, &token, &all).await;
    }
    server.terminate();
    assert!(server.ended().await.success());
    remains::hold(&place, &all);
}

/// A server does not begin what it can't store.
#[tokio::test]
async fn read_only() {
    let Some(disk) = Disk::of(8) else { return };
    let place = Place::on_disk(Some(disk.path()));
    assert!(place.enter("desk").status.success());
    disk.remount("ro");
    let output = place.run(&["serve", "--bind", "127.0.0.1:0"], "");
    disk.remount("rw");
    refused(&output, "xinfang.db");
}
