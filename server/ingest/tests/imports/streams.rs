//! Memory, and input that arrives slowly.

use std::{
    fs::File,
    io::{Read, Write},
    sync::mpsc,
    time::Duration,
};

use ingest::import::{Input, Progress, import};
use store::Summary;
use testing::{Library, now};

use crate::helpers::{ARXIV, Files, HUGGING_FACE, counts, import_file, many, zst};

/// The peak memory of this process in kB, if the system reports it and the process runs only this test.
fn peak_kb() -> Option<u64> {
    std::env::var_os("NEXTEST")?;
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| {
        line.strip_prefix("VmHWM:")?
            .trim()
            .strip_suffix(" kB")?
            .trim()
            .parse()
            .ok()
    })
}

#[tokio::test]
async fn a_line_of_fifty_megabytes_is_rejected_and_takes_no_memory() {
    let library = Library::new().await;
    let mut packer = zstd::Encoder::new(Vec::new(), 1).expect("a packer");
    writeln!(packer, "{HUGGING_FACE}").expect("packed");
    packer
        .write_all(b"{\"id\":\"2611.00003\",\"title\":\"")
        .expect("packed");
    std::io::copy(&mut std::io::repeat(b'x').take(50 << 20), &mut packer).expect("packed");
    write!(packer, "\"}}\n{ARXIV}\n").expect("packed");
    let path = Files::new();
    let path = path.write("x.zst", &packer.finish().expect("packed"));
    let before = peak_kb();
    let (summary, rejects) = import_file(&library.store, &path).await;
    assert_eq!(summary, counts(2, 0, 0, 1));
    assert!(rejects[0].0 == 2 && rejects[0].1.contains("8 MB"), "{rejects:?}");
    if let (Some(before), Some(after)) = (before, peak_kb()) {
        assert!(after - before < 40 << 10, "{} kB more", after - before);
    }
}

#[tokio::test]
async fn records_are_stored_while_the_file_is_still_being_written() {
    let files = Files::new();
    let pipe = files.0.path().join("pipe");
    if !std::process::Command::new("mkfifo")
        .arg(&pipe)
        .status()
        .is_ok_and(|status| status.success())
    {
        return println!("skipped: no mkfifo");
    }
    let (stored, wait) = mpsc::channel::<u64>();
    let end = pipe.clone();
    let writing = std::thread::spawn(move || {
        let lines = many(4_000);
        let half = lines
            .iter()
            .enumerate()
            .filter(|(_, byte)| **byte == b'\n')
            .nth(2_999)
            .map_or(0, |(at, _)| at + 1);
        let mut pipe = File::options().write(true).open(end).expect("a reader");
        pipe.write_all(&lines[..half]).expect("written");
        // Waits until the first batches are in the library.
        while wait
            .recv_timeout(Duration::from_secs(30))
            .expect("a batch is stored meanwhile")
            < 1_000
        {}
        pipe.write_all(&lines[half..]).expect("written");
    });
    let library = Library::new().await;
    let mut steps = Vec::new();
    let at = |summary: &Summary| {
        steps.push(summary.accepted());
        let _ = stored.send(summary.accepted());
    };
    let summary = import(
        &library.store,
        &Input::File(pipe),
        now(),
        &Progress::default(),
        at,
        |reject| panic!("{reject:?}"),
    )
    .await
    .expect("imported");
    writing.join().expect("written");
    assert_eq!(summary, counts(4_000, 0, 0, 0));
    assert!(
        steps.windows(2).all(|pair| pair[1] - pair[0] <= 500),
        "bounded transactions: {steps:?}"
    );
}

#[tokio::test]
async fn a_compressed_stream_is_recognised_even_byte_by_byte() {
    let files = Files::new();
    let pipe = files.0.path().join("pipe");
    if !std::process::Command::new("mkfifo")
        .arg(&pipe)
        .status()
        .is_ok_and(|status| status.success())
    {
        return println!("skipped: no mkfifo");
    }
    let (progress, end) = (Progress::default(), pipe.clone());
    let seen = progress.clone();
    let writing = std::thread::spawn(move || {
        let mut pipe = File::options().write(true).open(end).expect("a reader");
        for (at, byte) in zst(HUGGING_FACE.as_bytes()).into_iter().enumerate() {
            pipe.write_all(&[byte]).expect("written");
            while at < 8 && seen.read() <= at as u64 {
                std::thread::yield_now();
            }
        }
    });
    let library = Library::new().await;
    let summary = import(
        &library.store,
        &Input::File(pipe),
        now(),
        &progress,
        |_| {},
        |_| {},
    )
    .await
    .expect("imported");
    assert_eq!(summary, counts(1, 0, 0, 0));
    writing.join().expect("written");
}
