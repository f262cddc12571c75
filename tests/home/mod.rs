//! A home directory with two articles in it, for the tests that run the program.

use tempfile::TempDir;

/// Makes a temporary folder that contains `news/bergen.txt` and `news/lima.txt`.
pub fn with_news(bergen: &str, lima: &str) -> TempDir {
    let home = TempDir::new().expect("a temporary home");
    let news = home.path().join("news");
    std::fs::create_dir(&news).expect("a folder");
    std::fs::write(news.join("bergen.txt"), bergen).expect("a file");
    std::fs::write(news.join("lima.txt"), lima).expect("a file");
    home
}
