//! Compressed inputs: the same rows as what is inside, and a plain word where some of it is missing.

use std::io::Write;

use flate2::write::GzEncoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use super::{Sandbox, corpus, model};

fn gzip(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes.as_ref()).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    compress_to_vec(bytes.as_ref(), CompressionLevel::Fastest)
}

#[test]
fn files_and_stdin_give_what_is_inside() {
    let csv = corpus::many(5_000);
    let sandbox = Sandbox::with("in.csv", &csv);
    let plain = sandbox.classify(&["in.csv"]);
    let (head, tail) = csv.as_bytes().split_at(csv.len() / 2);
    sandbox.write("a.csv.gz", [gzip(head), gzip(tail)].concat());
    sandbox.write("b.csv.zst", [zstd(head), zstd(tail)].concat());
    // By its first bytes, whatever it is called.
    sandbox.write("c.csv", gzip(&csv));
    for name in ["a.csv.gz", "b.csv.zst", "c.csv"] {
        assert!(sandbox.classify(&[name]) == plain, "{name}");
    }
    let ran = sandbox.run_on(zstd(&csv), &["classify", "-", "--model", model()]);
    assert!(ran.expect(0).text() == plain);
}

#[test]
fn the_format_and_the_encoding_are_those_inside() {
    let sandbox = Sandbox::with("a.jsonl.gz", gzip("{\"text\":\"Merci à vous\"}\n"));
    sandbox.write("b.txt.gz", gzip(b"d\xE9j\xE0 vu\n"));
    let text = sandbox.run(&["inspect", "a.jsonl.gz"]).expect(0).text();
    assert!(text.contains("format     jsonl") && text.contains("compressed gzip"), "{text}");
    let text = sandbox.run(&["inspect", "b.txt.gz"]).expect(0).text();
    assert!(text.contains("windows-1252") && text.contains("déjà vu"), "{text}");
}

/// What is read a second time from the beginning is decompressed a second time: keys, and accents, beyond the first MiB.
#[test]
fn what_stands_far_down_is_found() {
    let line = "{\"text\":\"encore un message\"}\n";
    let lines = line.repeat((3 << 20) / line.len()) + "{\"text\":\"fin\",\"id\":\"9\"}\n";
    let sandbox = Sandbox::with("a.jsonl.zst", zstd(lines));
    let text = sandbox.run(&["inspect", "a.jsonl.zst"]).expect(0).text();
    assert!(text.contains("text, id"), "{text}");
    let legacy = [b"text\n".repeat(600_000).as_slice(), b"l'\xE9t\xE9\n"].concat();
    sandbox.write("b.csv.gz", gzip(legacy));
    let text = sandbox.run(&["inspect", "b.csv.gz"]).expect(0).text();
    assert!(text.contains("windows-1252"), "{text}");
}

#[test]
fn a_cut_or_damaged_file_is_told_and_leaves_nothing() {
    let csv = corpus::many(40_000);
    for (name, whole) in [("in.csv.gz", gzip(&csv)), ("in.csv.zst", zstd(&csv))] {
        let sandbox = Sandbox::with(name, &whole[..whole.len() - 9]);
        let arguments = ["classify", name, "-o", "out.csv", "--model", model()];
        sandbox.run(&arguments).refused(3, &[name, "is cut short", "download the file again"]);
        sandbox.write(name, &whole[..20]);
        sandbox.run(&arguments).refused(3, &[name, "is cut short"]);
        let mut damaged = whole.clone();
        let middle = whole.len() / 2;
        damaged[middle..middle + 64].fill(0x5A);
        sandbox.write(name, damaged);
        sandbox.run(&arguments).refused(3, &[name]);
        assert_eq!(sandbox.names(), [name]);
    }
}

#[test]
fn a_directory_gives_its_compressed_tables() {
    let sandbox = Sandbox::with("d/b.csv.gz", gzip("text\nBonjour à tous\n"));
    sandbox.write("d/a.csv", "text\nMerci bien\n");
    let output = sandbox.classify(&["d"]);
    let texts: Vec<&str> = output.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(texts, ["Merci bien", "Bonjour à tous"]);
}

#[test]
fn archives_are_told_from_compressed_files() {
    let mut tar = vec![0; 512];
    tar[257..262].copy_from_slice(b"ustar");
    let sandbox = Sandbox::with("a.tar.gz", gzip(tar));
    sandbox.run(&["inspect", "a.tar.gz"]).refused(3, &["a tar archive", "tar -xf"]);
    sandbox.write("b.csv.gz", gzip(gzip("text\nMerci\n")));
    sandbox.run(&["inspect", "b.csv.gz"]).refused(3, &["compressed twice"]);
}
