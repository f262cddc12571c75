//! Runs a program that the config file names and reads its output: a feed or a password. The program runs
//! without a shell and without input, and its output and its running time are limited.

use crate::capacity::{Capacity, Refused, Running};
use std::io::Read;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

/// Runs the program `argv` and returns its standard output, which may be at most `limit` bytes long. The program
/// must end its output within `time`. It is ended, with everything that it has started, when this returns.
///
/// # Errors
///
/// Returns the reason in one line, which contains nothing of the standard output (it may be a password).
pub fn output(capacity: &Capacity, argv: &[String], limit: u64, time: Duration) -> Result<Vec<u8>, String> {
    run(capacity.start_to_read(argv), argv, (limit, time))
}

/// The same for a program that gets `input` on its standard input. A program that does not read it to its end is no failure.
pub fn fed(
    capacity: &Capacity,
    argv: &[String],
    input: Vec<u8>,
    bounds: (u64, Duration),
) -> Result<Vec<u8>, String> {
    run(capacity.start_to_feed(argv, input), argv, bounds)
}

fn run(
    child: Result<Running, Refused>,
    argv: &[String],
    (limit, time): (u64, Duration),
) -> Result<Vec<u8>, String> {
    let program = argv.first().map_or("", String::as_str);
    let mut child = child.map_err(|error| error.to_string())?;
    let Some((out, complaints)) = child.outputs() else {
        return Err(format!("could not read from {program}"));
    };
    let (send, received) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = out.take(limit + 1).read_to_end(&mut bytes);
        // Sending fails only if the receiver has timed out; the output is not needed then.
        let _ = send.send(read.map(|_| bytes));
    });
    let complaint = thread::spawn(move || {
        let mut text = String::new();
        let _ = complaints.take(500).read_to_string(&mut text);
        text.lines().next().unwrap_or_default().to_owned()
    });
    let bytes = match received.recv_timeout(time) {
        Ok(Ok(bytes)) if bytes.len() as u64 <= limit => bytes,
        Ok(Ok(_)) => {
            return Err(format!("the output of {program} is larger than {} MB", limit >> 20));
        }
        Ok(Err(error)) => return Err(reason(&error)),
        Err(_) => {
            return Err(format!("{program} took longer than {} seconds", time.as_secs()));
        }
    };
    let status = child.wait().map_err(|error| reason(&error))?;
    if status.success() {
        return Ok(bytes);
    }
    let said = complaint.join().unwrap_or_default();
    let code = status
        .code()
        .map_or("was stopped by a signal".to_owned(), |code| format!("ended with exit code {code}"));
    Err(if said.is_empty() { format!("{program} {code}") } else { format!("{program} {code}: {said}") })
}

fn reason(error: &std::io::Error) -> String {
    crate::fault::reason(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run_alone(argv: &[&str], time: Duration) -> Result<Vec<u8>, String> {
        let argv: Vec<String> = argv.iter().map(|word| (*word).to_owned()).collect();
        output(&Capacity::Full, &argv, 1000, time)
    }

    #[test]
    fn a_program_runs_without_a_shell() {
        let long = Duration::from_secs(30);
        assert_eq!(run_alone(&["echo", "a;b $HOME"], long), Ok(b"a;b $HOME\n".to_vec()));
        assert_eq!(run_alone(&["false"], long), Err("false ended with exit code 1".to_owned()));
        assert_eq!(
            run_alone(&["head", "-c", "5000", "/dev/zero"], long),
            Err("the output of head is larger than 0 MB".to_owned())
        );
        assert!(
            run_alone(&["no-such-program-here"], long).is_err_and(|why| why.starts_with("could not start"))
        );
        assert!(
            run_alone(&["sleep", "60"], Duration::from_millis(50))
                .is_err_and(|why| why.contains("took longer"))
        );
    }

    #[test]
    fn a_program_gets_its_input_and_may_leave_it() {
        let argv = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>();
        let fed = |words: &[&str], input: &[u8]| {
            super::fed(&Capacity::Full, &argv(words), input.to_vec(), (1 << 20, Duration::from_secs(30)))
        };
        assert_eq!(fed(&["cat"], b"one\n"), Ok(b"one\n".to_vec()));
        // More than a pipe holds.
        assert_eq!(fed(&["true"], &[b'x'; 1 << 20]), Ok(Vec::new()));
        assert_eq!(fed(&["wc", "-c"], &[b'x'; 1 << 20]), Ok(b"1048576\n".to_vec()));
        let kiosk = Capacity::Kiosk { state: "own.db".into() };
        assert!(super::fed(&kiosk, &argv(&["cat"]), Vec::new(), (10, Duration::from_secs(1))).is_err());
    }
}
