//! Makes the assets of the analysis. See ARCHITECTURE.md.

use dateline::train;
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "usage: dateline-train gazetteers DATA    lists of names in DATA/gazetteers → assets/gazetteers/names.bin";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["gazetteers", data] => train::gazetteers::build(Path::new(data)).map_err(|fault| fault.to_string()),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(report) => {
            println!("{report}");
            ExitCode::SUCCESS
        }
        Err(fault) => {
            eprintln!("dateline-train: {fault}");
            ExitCode::FAILURE
        }
    }
}
