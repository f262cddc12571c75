//! Parses the arguments, calls `cli`, prints the error, sets the exit code.

#[cfg(feature = "tools")]
#[path = "bin/screenshot/asked.rs"]
mod asked;

fn main() -> std::process::ExitCode {
    #[cfg(feature = "tools")]
    if let Some(done) = asked::picture() {
        return done;
    }
    dateline::main(std::env::args_os())
}
