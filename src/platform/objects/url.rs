//! Where objects are kept, as it is written on the command line.

use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use std::fmt;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

/// Fragments of one object that are looked for: a name is written once.
const FRAGMENTS: u8 = 2;

/// Where objects are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ObjectsUrl {
    /// A folder of this machine; made when the first object comes.
    Folder(PathBuf),
    /// This process's memory: for samples nobody reads.
    Memory,
    /// `s3://BUCKET/PREFIX`, its keys from the usual `AWS_…` variables.
    S3(String),
}

impl FromStr for ObjectsUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.starts_with("s3://") {
            return if cfg!(feature = "s3") {
                Ok(Self::S3(text.to_owned()))
            } else {
                Err(format!("`{text}`: this build knows folders only; build it with `--features s3`"))
            };
        }
        let path = text.strip_prefix("file://").unwrap_or(text);
        if path.is_empty() || path.contains("://") {
            return Err(format!("`{text}` names no folder; write a path, file:///PATH or s3://BUCKET/PREFIX"));
        }
        Ok(Self::Folder(PathBuf::from(path)))
    }
}

impl fmt::Display for ObjectsUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => write!(f, "{}", path.display()),
            Self::Memory => f.write_str("memory"),
            Self::S3(url) => f.write_str(url),
        }
    }
}

impl ObjectsUrl {
    /// Removes what a write that was killed left in a folder: it writes to `NAME#1` first (to `NAME#2` where that is left from before) and
    /// gives it its name at the end.
    pub(super) async fn remove_fragments(&self, place: &Path) -> std::io::Result<()> {
        let Self::Folder(folder) = self else { return Ok(()) };
        let fragments: Vec<PathBuf> = (1..=FRAGMENTS).map(|n| folder.join(format!("{place}#{n}"))).collect();
        let removed = tokio::task::spawn_blocking(move || {
            fragments.iter().try_for_each(|fragment| match std::fs::remove_file(fragment) {
                Err(e) if !matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Err(e),
                _ => Ok(()),
            })
        });
        removed.await.map_err(std::io::Error::other)?
    }

    /// Opens the store; a folder that is not there is made.
    pub(super) fn open(&self) -> Result<Arc<dyn ObjectStore>, String> {
        match self {
            Self::Folder(path) => {
                std::fs::create_dir_all(path).map_err(|e| format!("{}: {e}", path.display()))?;
                // what was told as stored is on the disk
                let folder = LocalFileSystem::new_with_prefix(path).map_err(|e| e.to_string())?.with_fsync(true);
                Ok(Arc::new(folder))
            }
            Self::Memory => Ok(Arc::new(InMemory::new())),
            Self::S3(url) => s3(url),
        }
    }
}

#[cfg(feature = "s3")]
fn s3(url: &str) -> Result<Arc<dyn ObjectStore>, String> {
    let store = object_store::aws::AmazonS3Builder::from_env().with_url(url).build().map_err(|e| e.to_string())?;
    let prefix = url.splitn(4, '/').nth(3).unwrap_or_default();
    Ok(Arc::new(object_store::prefix::PrefixStore::new(store, prefix)))
}

#[cfg(not(feature = "s3"))]
fn s3(_: &str) -> Result<Arc<dyn ObjectStore>, String> {
    Err("this build knows folders only".to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_read_and_the_rest_is_refused() {
        for text in ["files", "/var/lib/files", "file:///var/lib/files"] {
            let folder = text.trim_start_matches("file://");
            assert_eq!(text.parse(), Ok(ObjectsUrl::Folder(folder.into())), "{text}");
        }
        for text in ["", "file://", "ftp://x", "http://x/y"] {
            assert!(text.parse::<ObjectsUrl>().is_err(), "{text}");
        }
        assert_eq!("s3://bucket/files".parse::<ObjectsUrl>().is_ok(), cfg!(feature = "s3"));
    }
}
