//! Parses the arguments, calls `cli`, prints the error, sets the exit code.

fn main() -> std::process::ExitCode {
    dateline::main(std::env::args_os())
}
