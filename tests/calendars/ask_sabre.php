<?php
// What sabre/vobject sees in a feed, as JSON: php ask_sabre.php FILE FIRST LAST
error_reporting(E_ALL & ~E_DEPRECATED);
spl_autoload_register(function ($name) {
    $path = '/usr/share/php/' . str_replace('\\', '/', $name) . '.php';
    if (file_exists($path)) {
        require_once $path;
    }
});

/** The text of a property; the old release leaves the backslash before a comma and a semicolon. */
function text($property): string
{
    return str_replace(['\\,', '\\;'], [',', ';'], (string) $property);
}

[, $file, $first, $last] = $argv;
$calendar = Sabre\VObject\Reader::read(file_get_contents($file));
foreach ($calendar->validate() as $problem) {
    if ($problem['level'] > 2) {
        fwrite(STDERR, $problem['message'] . "\n");
        exit(1);
    }
}
$found = ['alarms' => 0, 'titles' => [], 'links' => [], 'descriptions' => [], 'days' => []];
$uids = [];
foreach ($calendar->select('VEVENT') as $event) {
    $uids[(string) $event->UID] = true;
    $found['titles'][] = text($event->SUMMARY);
    $found['alarms'] += count($event->select('VALARM'));
    if (isset($event->URL)) {
        $found['links'][] = (string) $event->URL;
    }
    if (isset($event->DESCRIPTION)) {
        $found['descriptions'][] = text($event->DESCRIPTION);
    }
}
$found['events'] = count($uids);
$calendar->expand(new DateTime($first . 'T00:00:00Z'), new DateTime($last . 'T00:00:00Z'));
foreach ($calendar->select('VEVENT') as $event) {
    $found['days'][] = [text($event->SUMMARY), $event->DTSTART->getDateTime()->format('Y-m-d')];
}
echo json_encode($found, JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR), "\n";
