//! Archives and packed files: what is in them is read as the files of a folder. Prefixes of each kind, so that the input is
//! within an archive soon.

#![cfg_attr(feature = "libfuzzer", no_main)]

use dateline::exports::files::read;
use dateline_fuzz::check;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// Reads a file with this content.
fn read_file(data: &[u8]) {
    let path = PathBuf::from(format!("/tmp/dateline-fuzz-{}", std::process::id()));
    if std::fs::write(&path, data).is_err() {
        return;
    }
    read(std::slice::from_ref(&path), Default::default(), &AtomicBool::new(false), &mut |batch| {
        check(&batch.articles);
    });
    let _ = std::fs::remove_file(&path);
}

/// A header of tar for a file of `size` bytes, with its sum.
fn tar(size: usize) -> Vec<u8> {
    let mut header = vec![0; 512];
    header[..5].copy_from_slice(b"a.txt");
    header[124..135].copy_from_slice(format!("{size:011o}").as_bytes());
    header[156] = b'0';
    header[148..156].fill(b' ');
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    header
}

dateline_fuzz::target!(|data: &[u8]| {
    read_file(data);
    read_file(&[&tar(data.len()), data].concat());
    let half = data.len() / 2;
    read_file(&[&tar(half), &data[..half], &tar(data.len()), data].concat());
    for magic in [
        &b"7z\xbc\xaf\x27\x1c"[..],
        b"PK\x03\x04",
        b"PK\x05\x06",
        b"\x1f\x8b\x08",
        b"BZh9",
        b"\xfd7zXZ\0",
        b"\x28\xb5\x2f\xfd",
    ] {
        read_file(&[magic, data].concat());
    }
});
