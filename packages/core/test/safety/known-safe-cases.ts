/** Commands and whether they are known to be safe, one per line, words separated by single spaces. */
export const SAFE_COMMANDS = `
ls
ls -la src
cat README.md
cd src
cut -d: -f1 passwd
echo hello --pre
expr 1 + 1
false
grep -R foo -n
head -5 f
id
nl f
numfmt 10
paste a b
pwd
rev f
seq 3
stat f
tac f
tail -n 5 f
tr a b
true
uname -a
wc -l f
which node
whoami
base64 f
base64 -d f
base64 --decode f
find . -name f
find . -name *.ts -type f
rg foo
rg -n foo src
rg --files
rg --pretty foo
sed -n 5p f
sed -n 1,5p f
uniq
uniq f
uniq -c f
uniq -f3 --ignore-case f
uniq -
git --version
git branch --show-current
git remote -v
git rev-parse --show-toplevel
git rev-parse --abbrev-ref HEAD
git symbolic-ref --short HEAD
`;

export const OTHER_COMMANDS = `
npm test
node -e 1
rm -rf x
touch f
cargo check
awk 1 f
env
xargs ls
sudo ls
constructor
find . -delete
find . -exec rm {} ;
find . -execdir rm {} ;
find . -ok rm {} ;
find . -okdir rm {} ;
find . -fls f
find . -fprint f
find . -fprint0 f
find . -fprintf f %p
rg --pre cat foo
rg --pre=cat foo
rg --pre-glob=* foo
rg --hostname-bin evil foo
rg --hostname-bin=evil foo
rg --search-zip foo
rg -z foo
rg -nz foo
base64 -o out f
base64 -do out f
base64 --output=out f
base64 --out out f
sed s/a/b/ f
sed -i s/a/b/ f
sed -n 1,5p
sed -n 1,5p f g
sed -n 1,5d f
sed -n 1,5pw f
sed -n $p f
sed -n 1p -i
sed -n 1p -fscript
sed -n 1p --expression=1e
sed -n -e 1p f
sed --quiet 1p f
uniq in out
uniq -c in out
uniq -- in
uniq --output=x
uniq -f 3 f
git
git status
git diff
git diff --output=f
git diff --no-ext-diff --no-textconv
git show HEAD
git log
git log -p
git log --oneline
git branch
git branch -D main
git branch new
git branch --show-current --edit-description
git -c core.pager=evil branch --show-current
git -C /elsewhere rev-parse HEAD
git --exec-path=. branch --show-current
git remote add evil ext::sh
git remote show origin
git remote update
git symbolic-ref HEAD refs/heads/x
git rev-parse HEAD:file
git rev-parse
git commit -m x
git grep -O foo
git --paginate branch --show-current
git -p remote -v
git --config-env=core.pager=X branch --show-current
git --git-dir=evil rev-parse HEAD
git rev-parse --parseopt
git ls-files
git cat-file -p HEAD
git archive HEAD
git remote -v update
git branch --show-current --list
git branch -v
cargo check
sort f
sort -o out f
sort --compress-program=evil f
tar tf a.tar
tar --to-command=evil -xf a.tar
awk 1
awk BEGIN{system("id")}
date
date -s tomorrow
tee out
env ls
env -S ls
xargs
xargs -n1 ls
command ls
nice ls
timeout 5 ls
less f
more f
man ls
vim f
diff a b
file f
jq . f
python3 -c 1
perl -e 1
node -e 1
printf %s x
test -f x
dd if=a of=b
cp a b
ln -s a b
touch x
truncate -s0 f
split f
csplit f 1
tsort f
install a b
curl -s http://127.0.0.1
hostname evil
printenv OPENAI_API_KEY
rg --pre= foo
rg -uuz foo
find -H . -exec id +
find . ( -name a -delete )
uniq -D in out
uniq in -
base64 -Do x
sed -n 1e
sed -n 1w
sed -n 1,5p --in-place
sed -ni 1p f
`;

export const SAFE_SCRIPTS = [
  "ls",
  "cd src && ls -la | head -5; pwd",
  "cat f | sed -n 1,5p",
  "rg -n 'foo|bar' src || true",
  "echo 'a > b'",
  'grep -R "Cargo.toml" -n',
  "find . -name 'f*' | wc -l",
  "git rev-parse --show-toplevel\nls",
];

export const OTHER_SCRIPTS = [
  "",
  "ls > out",
  "ls $(touch x)",
  "ls `touch x`",
  "ls & ",
  "(ls)",
  "FOO=1 ls",
  "ls; rm x",
  "ls && npm test",
  "cat f | tee out",
  "find . -name '*' -delete",
  "'git status'",
  "./ls",
  "ls *",
  "cat <<'E'\nx\nE",
  "cat <<'E'\nx",
  "ls 'unfinished",
  "git status",
  "bash -c ls",
  "eval ls",
  ". ./f",
];
