//! The form in which a ranking is stored.

use std::{collections::BTreeMap, io};

use domain::ranking::Medians;
use serde::{Deserialize, Serialize};

/// The version of the form that this program writes, and the newest that it reads. Blobs of the first releases have no
/// version and count as 0; their form is the same.
const VERSION: u32 = 1;

/// A ranking as it is stored: zstd-compressed JSON.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct StoredRanking {
    /// The typical gains: per archive, and under "" for everything else.
    pub medians: BTreeMap<String, Medians>,
    /// Row id, weighted terms (hf, gh, local, fresh) and decayed gains (hf, gh, local) of each paper with heat.
    pub entries: Vec<(i64, [f64; 4], [f64; 3])>,
}

/// Why a stored ranking cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("version {0} is newer than {VERSION}")]
    Version(u32),
    #[error("cannot decompress: {0}")]
    Compression(#[from] io::Error),
    #[error("cannot parse: {0}")]
    Json(#[from] serde_json::Error),
}

#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    version: u32,
}

#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    medians: &'a BTreeMap<String, Medians>,
    entries: &'a [(i64, [f64; 4], [f64; 3])],
}

#[derive(Deserialize)]
struct Read {
    medians: BTreeMap<String, Medians>,
    entries: Vec<(i64, [f64; 4], [f64; 3])>,
}

impl StoredRanking {
    /// Compressed bytes for the database.
    pub(crate) fn encode(&self) -> Result<Vec<u8>, Unreadable> {
        let json = serde_json::to_vec(&Written {
            version: VERSION,
            medians: &self.medians,
            entries: &self.entries,
        })?;
        Ok(zstd::encode_all(json.as_slice(), 3)?)
    }

    /// Reads what [`encode`](Self::encode) of this or an earlier release wrote.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Unreadable> {
        let json = zstd::decode_all(bytes)?;
        // First the version alone: the rest of a newer version may have another form.
        let Head { version } = serde_json::from_slice(&json)?;
        if version > VERSION {
            return Err(Unreadable::Version(version));
        }
        let Read { medians, entries } = serde_json::from_slice(&json)?;
        Ok(Self { medians, entries })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blob(json: &str) -> Vec<u8> {
        zstd::encode_all(json.as_bytes(), 3).expect("compressed")
    }

    #[test]
    fn a_ranking_reads_back_as_it_was_written() {
        let ranking = StoredRanking {
            medians: BTreeMap::from([("cs".to_owned(), Medians::default())]),
            entries: vec![(7, [1.0, 0.5, 0.0, 0.25], [3.0, 2.0, 0.0])],
        };
        let bytes = ranking.encode().expect("encoded");
        assert_eq!(StoredRanking::decode(&bytes).expect("decoded"), ranking);
    }

    #[test]
    fn a_ranking_of_the_first_releases_has_no_version_and_is_read() {
        let old = blob(r#"{"medians":{},"entries":[[7,[1.0,0.5,0.0,0.25],[3.0,2.0,0.0]]]}"#);
        let ranking = StoredRanking::decode(&old).expect("decoded");
        assert_eq!(ranking.entries, [(7, [1.0, 0.5, 0.0, 0.25], [3.0, 2.0, 0.0])]);
    }

    #[test]
    fn a_newer_version_is_refused_whatever_its_form() {
        let newer = blob(r#"{"version":2,"columns":{}}"#);
        assert!(matches!(
            StoredRanking::decode(&newer),
            Err(Unreadable::Version(2))
        ));
    }

    #[test]
    fn damaged_bytes_are_refused() {
        assert!(matches!(
            StoredRanking::decode(b"no zstd"),
            Err(Unreadable::Compression(_))
        ));
        assert!(matches!(
            StoredRanking::decode(&blob("no JSON")),
            Err(Unreadable::Json(_))
        ));
    }
}
