# Sourced by the run scripts: a virtual environment for one comparison, made when its requirements are new.
#
#   . venv.sh; make_venv FOLDER REQUIREMENTS

make_venv() {
    local folder=$1 requirements=$2
    if cmp -s "$requirements" "$folder/installed.txt"; then return 0; fi
    if ! python3 -c 'import ensurepip' 2>/dev/null; then install_packages python3-venv; fi
    python3 -m venv "$folder"
    "$folder/bin/pip" install --quiet --disable-pip-version-check -r "$requirements"
    cp "$requirements" "$folder/installed.txt"
}

# From the distribution, where they are missing. Asks nothing.
install_packages() {
    local root=()
    ((EUID == 0)) || root=(sudo)
    command -v apt-get >/dev/null || { echo "install $* and run this again" >&2; exit 1; }
    "${root[@]}" apt-get update -qq
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# The product's own compiler where it is there, so that both are compiled alike.
build_library() {
    local source=$1 folder=$2
    command -v cmake >/dev/null || install_packages cmake
    command -v ninja >/dev/null || install_packages ninja-build
    command -v clang >/dev/null || command -v gcc >/dev/null || install_packages gcc libc6-dev
    CC=$(command -v clang || command -v gcc) cmake -S "$source" -B "$folder" -G Ninja >/dev/null
    cmake --build "$folder" >/dev/null
}
