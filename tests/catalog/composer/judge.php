<?php

// Composer's own code as the judge: one JSON object a line in, one JSON value a line out.
// {"normalize": [raw…]}       -> [null | [normalised, stability]…]
// {"compare": [[a, b]…]}      -> [-1 | 0 | 1…], of normalised versions
// {"within": [[version, range]…]} -> [null | true | false…]
// {"names": [name…]}          -> [null | the error…]
// {"minify": entries}, {"expand": entries} -> entries
// {"load": entries}           -> [the package as Composer would write it into a lock file…]
// {"advisories": {name: […]}} -> ["full" | "partial"…]

require '/usr/share/php/Composer/autoload.php';

use Composer\Advisory\PartialSecurityAdvisory;
use Composer\Advisory\SecurityAdvisory;
use Composer\MetadataMinifier\MetadataMinifier;
use Composer\Package\Dumper\ArrayDumper;
use Composer\Package\Loader\ArrayLoader;
use Composer\Package\Loader\ValidatingArrayLoader;
use Composer\Semver\Comparator;
use Composer\Semver\Semver;
use Composer\Semver\VersionParser;

function normalized(string $raw): ?array
{
    try {
        $normalized = (new VersionParser())->normalize($raw);
    } catch (UnexpectedValueException $error) {
        return null;
    }
    return [$normalized, VersionParser::parseStability($normalized)];
}

function compared(array $pair): int
{
    if (Comparator::equalTo(...$pair)) {
        return 0;
    }
    return Comparator::lessThan(...$pair) ? -1 : 1;
}

function within(array $pair): ?bool
{
    try {
        return Semver::satisfies(...$pair);
    } catch (UnexpectedValueException $error) {
        return null;
    }
}

function judged(string $question, array $what): array
{
    switch ($question) {
        case 'normalize':
            return array_map('normalized', $what);
        case 'compare':
            return array_map('compared', $what);
        case 'within':
            return array_map('within', $what);
        case 'names':
            return array_map(fn ($name) => ValidatingArrayLoader::hasPackageNamingError($name), $what);
        case 'minify':
            return MetadataMinifier::minify($what);
        case 'expand':
            return MetadataMinifier::expand($what);
        case 'load':
            $packages = (new ArrayLoader())->loadPackages($what);
            return array_map([new ArrayDumper(), 'dump'], $packages);
        case 'advisories':
            $kinds = [];
            foreach ($what as $name => $advisories) {
                foreach ($advisories as $advisory) {
                    $read = PartialSecurityAdvisory::create($name, $advisory, new VersionParser());
                    $kinds[] = $read instanceof SecurityAdvisory ? 'full' : 'partial';
                }
            }
            return $kinds;
    }
    throw new LogicException($question);
}

while (($line = fgets(STDIN)) !== false) {
    foreach (json_decode($line, true, 512, JSON_THROW_ON_ERROR) as $question => $what) {
        $flags = JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES;
        fwrite(STDOUT, json_encode(judged($question, $what), $flags) . "\n");
    }
}
