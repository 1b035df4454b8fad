//! The `franc-parler` program: parses flags, calls the library, tells people what happened.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
