//! Parses the arguments, calls `cli`, prints the error, sets the exit code.

#[cfg(feature = "tools")]
#[path = "bin/screenshot/asked.rs"]
mod asked;

#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    #[cfg(feature = "tools")]
    if let Some(done) = asked::picture() {
        return done;
    }
    dateline::main(std::env::args_os())
}
