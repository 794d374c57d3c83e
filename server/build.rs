//! Names the folder whose files are compiled into the binary: the built front end when `BROADSHEET_EMBED_SITE` says
//! where it is (`make build` sets it), otherwise an empty folder.

use std::{env, fs, path::PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-env-changed=BROADSHEET_EMBED_SITE");
    let folder = match env::var_os("BROADSHEET_EMBED_SITE") {
        Some(site) => PathBuf::from(site),
        None => {
            let empty = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?).join("no-site");
            fs::create_dir_all(&empty)?;
            empty
        }
    };
    // A new build of the front end replaces hash.txt.
    println!("cargo:rerun-if-changed={}", folder.join("hash.txt").display());
    println!("cargo:rustc-env=BROADSHEET_EMBEDDED={}", folder.display());
    Ok(())
}
