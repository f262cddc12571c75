# Homebrew on Linux installs the static program; on macOS it builds from the sources of the release.
class Dateline < Formula
  desc "News reader for the terminal that knows who and what is in the news"
  homepage "@URL@"
  version "@VERSION@"
  license "MIT"

  on_linux do
    on_intel do
      url "@URL@/releases/download/v@VERSION@/dateline-@VERSION@-x86_64-unknown-linux-musl.tar.gz"
      sha256 "@SUM_X86_64@"
    end
    on_arm do
      url "@URL@/releases/download/v@VERSION@/dateline-@VERSION@-aarch64-unknown-linux-musl.tar.gz"
      sha256 "@SUM_AARCH64@"
    end
  end

  on_macos do
    url "@URL@.git", tag: "v@VERSION@"
    depends_on "rust" => :build
  end

  def install
    if OS.mac?
      system "cargo", "install", *std_cargo_args
      generate_completions_from_executable(bin/"dateline", "completions")
      (man1/"dateline.1").write Utils.safe_popen_read(bin/"dateline", "man")
    else
      bin.install "dateline"
      man1.install "dateline.1"
      bash_completion.install "completions/dateline.bash" => "dateline"
      zsh_completion.install "completions/dateline.zsh" => "_dateline"
      fish_completion.install "completions/dateline.fish"
      doc.install "NOTICE", "THIRD-PARTY"
    end
  end

  test do
    (testpath/"news.txt").write "Harbour opens\n2026-01-05\nOSLO, Jan 5 - \"We are ready,\" said Kari Nordmann.\n"
    assert_match "Kari Nordmann", shell_output("#{bin}/dateline analyze #{testpath}/news.txt")
  end
end
