namespace Skep.Cli.Completion;

/// <summary>
/// Shell scripts for completion. Each hands the line and the cursor's place to <c>skep "[suggest:N]" LINE</c>, so that what is offered is
/// always what this version understands, run ids included.
/// </summary>
internal static class CompletionScripts
{
    /// <summary>The shells that are served.</summary>
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish", "pwsh"];

    /// <summary>The script for one of <see cref="Shells"/>.</summary>
    public static string For(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        _ => PowerShell,
    };

    private const string Bash = """
        # Completion of skep for bash. Put this into ~/.bashrc:  source <(skep completion bash)
        _skep_complete() {
            local word="${COMP_WORDS[COMP_CWORD]}" line
            COMPREPLY=()
            while IFS= read -r line; do
                [[ -n $line && $line == "$word"* ]] && COMPREPLY+=("$line")
            done < <("${COMP_WORDS[0]}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
            # Nothing of our own to offer: files, as for a plan.
            if [[ ${#COMPREPLY[@]} -eq 0 ]]; then compopt -o default 2>/dev/null; fi
        }
        complete -F _skep_complete skep

        """;

    private const string Zsh = """
        #compdef skep
        # Completion of skep for zsh. Put this into ~/.zshrc:  source <(skep completion zsh)
        _skep_complete() {
            local -a offers
            offers=("${(@f)$("${words[1]}" "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
            offers=(${offers:#})
            if (( ${#offers} )); then compadd -- "${offers[@]}"; else _files; fi
        }
        compdef _skep_complete skep

        """;

    private const string Fish = """
        # Completion of skep for fish. Save it as ~/.config/fish/completions/skep.fish
        function __skep_complete
            set -l line (commandline -cp)
            skep "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c skep -a '(__skep_complete)'

        """;

    private const string PowerShell = """
        # Completion of skep for PowerShell. Put this into $PROFILE:  skep completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName skep -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            skep "[suggest:$cursorPosition]" "$commandAst" 2>$null | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }

        """;
}
