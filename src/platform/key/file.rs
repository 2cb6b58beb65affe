//! The key file: one line that says what it is, one line of 64 hexadecimal digits, readable by its owner alone.

use super::Secret;
use crate::platform::error::{Error, Result};
use data_encoding::HEXLOWER_PERMISSIVE;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

const FIRST_LINE: &str = "xinfang-key-1";

/// Reads the file; `None` when there is none.
pub(super) fn read(path: &Path) -> Result<Option<Secret>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(Error::internal(format!("cannot read the key file {}: {e}", path.display()))),
    };
    if let Ok(meta) = std::fs::metadata(path)
        && meta.permissions().mode() & 0o077 != 0
    {
        tracing::warn!(file = %path.display(), "others may read the key file; its mode should be 0600");
    }
    let key = text
        .trim_end()
        .strip_prefix(FIRST_LINE)
        .and_then(|rest| HEXLOWER_PERMISSIVE.decode(rest.trim().as_bytes()).ok())
        .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
        .ok_or_else(|| Error::internal(format!("{} is no key file", path.display())))?;
    Ok(Some(Secret(key)))
}

/// Makes the file; it must not exist.
pub(super) fn create(path: &Path, secret: &Secret) -> Result<()> {
    let write = || -> std::io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        writeln!(file, "{FIRST_LINE}\n{}", HEXLOWER_PERMISSIVE.encode(secret.expose()))?;
        file.sync_all()?;
        sync_folder(path)
    };
    write().map_err(|e| Error::internal(format!("cannot make the key file {}: {e}", path.display())))
}

/// Where the next key waits until the database is wrapped with it.
pub(super) fn waiting(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    name.into()
}

/// Writes the next key beside the present one; what an unfinished attempt left there gives way.
pub(super) fn prepare(path: &Path, secret: &Secret) -> Result<()> {
    let waiting = waiting(path);
    match std::fs::remove_file(&waiting) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::internal(format!("cannot remove the file {}: {e}", waiting.display())))
        }
        _ => create(&waiting, secret),
    }
}

/// Puts the next key in the present one's place, all or nothing.
pub(super) fn finish(path: &Path) -> Result<()> {
    let swap = || std::fs::rename(waiting(path), path).and_then(|()| sync_folder(path));
    swap().map_err(|e| Error::internal(format!("cannot replace the key file {}: {e}", path.display())))
}

/// A name is on disk when its folder is.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}
