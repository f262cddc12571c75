{
  description = "dateline, a news reader for the terminal that knows who and what is in the news";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      version = "@VERSION@";
      # The static programs of the release, by system.
      releases = {
        x86_64-linux = {
          target = "x86_64-unknown-linux-musl";
          sha256 = "@SUM_X86_64@";
        };
        aarch64-linux = {
          target = "aarch64-unknown-linux-musl";
          sha256 = "@SUM_AARCH64@";
        };
      };
      package =
        system:
        let
          pkgs = nixpkgs.legacyPackages.${system};
          release = releases.${system};
        in
        pkgs.stdenvNoCC.mkDerivation {
          pname = "dateline";
          inherit version;
          src = pkgs.fetchurl {
            url = "@URL@/releases/download/v${version}/dateline-${version}-${release.target}.tar.gz";
            inherit (release) sha256;
          };
          nativeBuildInputs = [ pkgs.installShellFiles ];
          installPhase = ''
            runHook preInstall
            install -Dm755 dateline $out/bin/dateline
            install -Dm644 LICENSE NOTICE THIRD-PARTY -t $out/share/doc/dateline
            installManPage dateline.1
            installShellCompletion --bash --name dateline completions/dateline.bash
            installShellCompletion --zsh --name _dateline completions/dateline.zsh
            installShellCompletion --fish completions/dateline.fish
            runHook postInstall
          '';
          meta = {
            description = "News reader for the terminal that knows who and what is in the news";
            homepage = "@URL@";
            license = pkgs.lib.licenses.mit;
            mainProgram = "dateline";
            platforms = builtins.attrNames releases;
          };
        };
    in
    {
      packages = builtins.mapAttrs (system: _: { default = package system; }) releases;
    };
}
