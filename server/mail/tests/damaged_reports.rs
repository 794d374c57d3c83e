//! Reports that are cut off, damaged or forged: reading them never panics and never takes long.

use std::{fs, path::Path};

use mail::bounces::{NotAReport, mails, read};

const FIXTURES: [&str; 11] = [
    "complaint",
    "diagnostic_only",
    "exchange_localised",
    "exim_two_recipients",
    "gmail_no_such_user",
    "ordinary_email",
    "out_of_office",
    "postfix_unknown_user",
    "qmail",
    "still_trying",
    "utf8_address",
];

fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/bounces/{name}.eml"));
    fs::read(path).expect("a fixture")
}

/// Xorshift: pseudo-random numbers that are the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound.max(1) as u64) as usize
    }
}

#[test]
fn no_prefix_of_an_email_panics() {
    for name in FIXTURES {
        let bytes = fixture(name);
        for end in 0..bytes.len() {
            let _ = read(&bytes[..end]);
            let _ = mails(&bytes[..end]);
        }
    }
}

#[test]
fn no_damaged_email_panics() {
    let rounds = std::env::var("ROUNDS")
        .ok()
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(1_500);
    let all: Vec<Vec<u8>> = FIXTURES.iter().map(|name| fixture(name)).collect();
    let bits: [&[u8]; 12] = [
        b"\n\n",
        b"--",
        b"\n--b\n",
        b":",
        b"=?utf-8?q?=",
        b"<",
        b"(",
        b"\"",
        b";",
        b"\\x{",
        b"\xff\xfe",
        b"\nContent-Type: message/rfc822\n\n",
    ];
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    for _ in 0..rounds {
        for bytes in &all {
            let mut damaged = bytes.clone();
            for _ in 0..=chance.below(8) {
                let at = chance.below(damaged.len());
                match chance.below(5) {
                    0 => damaged[at] ^= 1 << chance.below(8),
                    1 => damaged[at] = chance.below(256) as u8,
                    2 => {
                        damaged.splice(at..at, bits[chance.below(bits.len())].iter().copied());
                    }
                    3 => {
                        let end = (at + chance.below(120)).min(damaged.len() - 1);
                        damaged.drain(at..end);
                    }
                    _ => {
                        let other = &all[chance.below(all.len())];
                        let from = chance.below(other.len());
                        let to = (from + chance.below(200)).min(other.len());
                        damaged.splice(at..at, other[from..to].iter().copied());
                    }
                }
            }
            let _ = read(&damaged);
        }
    }
}

#[test]
fn nested_emails_do_not_overflow_the_stack() {
    let level = b"Content-Type:message/rfc822\n\n";
    let deep = level.repeat(1_048_000 / level.len());
    assert_eq!(read(&deep), Err(NotAReport::Ordinary));
    let inner = base64(&level.repeat(780_000 / level.len()));
    let encoded = format!("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{inner}\n");
    assert_eq!(read(encoded.as_bytes()), Err(NotAReport::Ordinary));
}

#[test]
fn multiparts_without_a_boundary_do_not_take_long() {
    let part = "--b\nContent-Type: multipart/a; boundary=c\n\n";
    let mail = format!("Content-Type: multipart/a; boundary=b\n\n{}", part.repeat(20_000));
    assert_eq!(read(mail.as_bytes()), Err(NotAReport::Unreadable));
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let whole_groups = bytes.chunks_exact(3).flat_map(|group| {
        let bits = group.iter().fold(0, |bits, byte| bits << 8 | usize::from(*byte));
        [18, 12, 6, 0].map(|shift| char::from(LETTERS[bits >> shift & 63]))
    });
    whole_groups.collect()
}
