//! Finds the model that `models/CURRENT` names, so that it is embedded in the program.
//!
//! Without one (before the very first training) three empty files stand in, and asking for the embedded model is an error.

use std::path::{Path, PathBuf};

const FILES: [&str; 3] = ["model.json", "tokenizer.json", "weights.safetensors"];

fn main() {
    println!("cargo::rerun-if-changed=models/CURRENT");
    let root = folder("CARGO_MANIFEST_DIR");
    let model = current(&root).unwrap_or_else(|| stand_in(&folder("OUT_DIR")));
    for file in FILES {
        println!("cargo::rerun-if-changed={}", model.join(file).display());
    }
    println!("cargo::rustc-env=FRANC_PARLER_MODEL={}", model.display());
}

fn folder(variable: &str) -> PathBuf {
    PathBuf::from(std::env::var_os(variable).expect("cargo sets it for build scripts"))
}

fn current(root: &Path) -> Option<PathBuf> {
    let id = std::fs::read_to_string(root.join("models/CURRENT")).ok()?;
    let model = root.join("models").join(id.trim());
    FILES.iter().all(|file| model.join(file).is_file()).then_some(model)
}

fn stand_in(out: &Path) -> PathBuf {
    for file in FILES {
        std::fs::write(out.join(file), "").expect("cargo's OUT_DIR is writable");
    }
    out.to_path_buf()
}
