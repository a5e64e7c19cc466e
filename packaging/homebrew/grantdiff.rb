# Template: .ci/formula fills in the marks.
class Grantdiff < Formula
  desc "Says what access a change to infrastructure newly gives, to whom"
  homepage "https://github.com/grantdiff/grantdiff"
  version "@VERSION@"
  license "Apache-2.0"

  on_macos do
    on_arm do
      url "https://github.com/grantdiff/grantdiff/releases/download/v@VERSION@/grantdiff_@VERSION@_darwin_arm64.tar.gz"
      sha256 "@SHA256_darwin_arm64@"
    end
    on_intel do
      url "https://github.com/grantdiff/grantdiff/releases/download/v@VERSION@/grantdiff_@VERSION@_darwin_amd64.tar.gz"
      sha256 "@SHA256_darwin_amd64@"
    end
  end
  on_linux do
    on_arm do
      url "https://github.com/grantdiff/grantdiff/releases/download/v@VERSION@/grantdiff_@VERSION@_linux_arm64.tar.gz"
      sha256 "@SHA256_linux_arm64@"
    end
    on_intel do
      url "https://github.com/grantdiff/grantdiff/releases/download/v@VERSION@/grantdiff_@VERSION@_linux_amd64.tar.gz"
      sha256 "@SHA256_linux_amd64@"
    end
  end

  def install
    bin.install "grantdiff"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/grantdiff.bash" => "grantdiff"
    zsh_completion.install "completions/grantdiff.zsh" => "_grantdiff"
    fish_completion.install "completions/grantdiff.fish"
  end

  test do
    assert_match "grantdiff v#{version}", shell_output("#{bin}/grantdiff version")
    (testpath/"policy.json").write('{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}')
    assert_match "s3:GetObject", shell_output("#{bin}/grantdiff scan --fail-on never policy.json")
  end
end
