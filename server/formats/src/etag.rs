//! Validators of documents.

use domain::text::hex;
use sha2::{Digest, Sha256};

/// Bytes of the hash that a validator shows.
const BYTES: usize = 16;

/// A strong validator of a document (RFC 9110, 8.8.3), with its quotation marks.
pub fn etag(document: impl AsRef<[u8]>) -> String {
    let hash = Sha256::digest(document);
    format!("\"{}\"", hex(&hash[..BYTES]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_validator_is_the_beginning_of_a_sha256_hash() {
        assert_eq!(etag("abc"), "\"ba7816bf8f01cfea414140de5dae2223\"");
    }
}
