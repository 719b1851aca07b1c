. "$SKEP_PLAN_DIR/scripts/lib.sh"
g ls-tree -r --name-only HEAD > "$(scratch names)"
awk '
    {
        base = $0; sub(/"$/, "", base); sub(/^"/, "", base); sub(/.*\//, "", base)
        kind = ""
        if (base ~ /^package(-lock)?\.json$|^yarn\.lock$|^pnpm-lock\.yaml$/) kind = "npm"
        else if (base ~ /\.(cs|fs|vb)proj$|^Directory\.Packages\.props$|^packages\.lock\.json$/) kind = "NuGet"
        else if (base ~ /^Cargo\.(toml|lock)$/) kind = "Cargo"
        else if (base ~ /^go\.(mod|sum)$/) kind = "Go"
        else if (base ~ /^(requirements.*\.txt|pyproject\.toml|setup\.(py|cfg)|Pipfile(\.lock)?|poetry\.lock)$/) kind = "Python"
        else if (base ~ /^(pom\.xml|build\.gradle(\.kts)?)$/) kind = "JVM"
        else if (base ~ /^(Gemfile(\.lock)?|.*\.gemspec)$/) kind = "Ruby"
        else if (base ~ /^composer\.(json|lock)$/) kind = "PHP"
        else if (base ~ /^(Dockerfile.*|docker-compose.*\.ya?ml|CMakeLists\.txt|Makefile)$/) kind = "build"
        if (kind != "") printf "%-7s  %s\n", kind, $0
    }' "$(scratch names)" | sort > "$(scratch manifests)"
head -n 40 "$(scratch manifests)" | section "Dependency manifests"
output manifests "$(wc -l < "$(scratch manifests)" | tr -d ' ')"
